"""A real Supabase on this machine without Docker: @supabase/lite over PGlite, running our own migrations.

What differs from a hosted project: tokens are HS256 and name no issuer, there are no legacy JWT keys, and its
start grants all tables to anon and authenticated, so that locally row level security alone refuses them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import httpx

from infra.local.http import request
from infra.local.process import HOST, free_port, kill_group, spawn, stop

__all__ = ["MIGRATIONS", "SupabaseServer"]

INFRA = Path(__file__).resolve().parent.parent
MIGRATIONS = INFRA / "supabase" / "migrations"
CLI = INFRA / "local" / "node_modules" / "@supabase" / "lite" / "dist" / "cli" / "index.js"
START_TIMEOUT_S = 60.0
KEY_NAMES = ("SUPABASE_PUBLISHABLE_KEY", "SUPABASE_SECRET_KEY", "SUPABASE_JWT_SECRET")


class SupabaseServer:
    """A Supabase project served from a folder. Dies with the process that started it, its data do not."""

    def __init__(
        self, directory: Path | None = None, *, port: int | None = None, migrations: Path = MIGRATIONS
    ) -> None:
        """`directory` holds database, keys and logs; None makes one and removes it on `stop`.

        `port`: None takes a free one, kept over restarts.
        """
        self.port = port or free_port()
        self.migrations = migrations
        self.is_temporary = directory is None
        self.directory = (directory or Path(tempfile.mkdtemp(prefix="knight-vision-supabase-"))).resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.publishable_key, self.secret_key, self.jwt_secret = self._keys()
        self.process: subprocess.Popen[bytes] | None = None
        self.lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """The project's base URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def database(self) -> Path:
        """The folder of the database itself."""
        return self.directory / "supabase" / ".temp" / "data"

    @property
    def log(self) -> Path:
        """The file that takes all output."""
        return self.directory / "supabase.log"

    def start(self) -> None:
        """Apply what migrations are pending and return when the server answers.

        About 4 s on an empty folder, 1.3 s afterwards. Raises ChildProcessError with the log when it fails,
        BlockingIOError when another process serves the folder: two would destroy the database.
        """
        if self.process is not None:
            raise RuntimeError("this Supabase runs already")
        self.lock = (self.directory / "lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.migrate()
            self.process = self._spawn("start", "--no-admin")
            self._wait_until_ready(self.process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server in good order; a server that does not run is fine."""
        if self.process is not None:
            stop(self.process)
        self._release()
        if self.is_temporary:
            shutil.rmtree(self.directory, ignore_errors=True)

    def kill(self) -> None:
        """End the server with SIGKILL; `start` brings it back on the same port with what was committed."""
        if self.process is not None:
            kill_group(self.process)
        self._release()

    def restart(self) -> None:
        """Kill the server and start it again, same port, same data."""
        self.kill()
        self.start()

    def migrate(self) -> None:
        """Apply the pending migrations to the folder's database, which must not be served meanwhile."""
        project = self.directory / "supabase"
        names = sorted(path.name for path in self.migrations.glob("*.sql"))
        applied = self.directory / "migrations-applied.json"
        # Asking the database takes as long as starting it: the folder remembers what was applied.
        is_pending = not applied.exists() or json.loads(applied.read_text()) != names
        project.mkdir(exist_ok=True)
        (project / "config.toml").write_text(
            adapted((INFRA / "supabase" / "config.toml").read_text(), self.port)
        )
        if is_pending:
            shutil.rmtree(project / "migrations", ignore_errors=True)
            shutil.copytree(self.migrations, project / "migrations")
            process = self._spawn("migration", "up")
            if process.wait() != 0:
                raise ChildProcessError(f"the migrations failed:\n{self._log_tail()}")
            applied.write_text(json.dumps(names))

    def sign_up(self, email: str, password: str) -> tuple[str, str]:
        """A new user's id and access token. Raises httpx.HTTPStatusError when the address is taken."""
        return self._session("signup", email, password)

    def sign_in(self, email: str, password: str) -> tuple[str, str]:
        """A user's id and a new access token, good for an hour. Raises httpx.HTTPStatusError when refused."""
        return self._session("token?grant_type=password", email, password)

    def set_plan(self, user_id: str, plan: str) -> None:
        """Make a user `free` or `premium`, as the project's owner does."""
        self._change_profile(user_id, plan=plan)

    def make_operator(self, user_id: str) -> None:
        """Let a user see and run the operators' routes, as the project's owner does."""
        self._change_profile(user_id, is_operator=True)

    def _change_profile(self, user_id: str, **columns: object) -> None:
        request(
            "PATCH",
            f"{self.url}/rest/v1/profiles?user_id=eq.{user_id}",
            headers={"apikey": self.secret_key},
            json=columns,
        ).raise_for_status()

    def __enter__(self) -> SupabaseServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        keys = (self.publishable_key, self.secret_key, self.jwt_secret)
        env = {**os.environ, "LITE_TELEMETRY": "0", **dict(zip(KEY_NAMES, keys, strict=True))}
        return spawn(["node", CLI, *arguments], log=self.log, env=env, cwd=self.directory)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if request(
                    "GET", f"{self.url}/auth/v1/health", headers={"apikey": self.publishable_key}
                ).is_success:
                    return
            if process.poll() is not None:
                raise ChildProcessError(f"Supabase ended with {process.returncode}:\n{self._log_tail()}")
            time.sleep(0.02)
        raise TimeoutError(f"Supabase on port {self.port} is not ready after {START_TIMEOUT_S:g} s")

    def _release(self) -> None:
        self.process = None
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def _keys(self) -> tuple[str, str, str]:
        """Keys of this folder's project, made once: tokens must outlive a restart."""
        file = self.directory / "keys.json"
        if not file.exists():
            keys = (
                f"sb_publishable_{secrets.token_urlsafe(24)}",
                f"sb_secret_{secrets.token_urlsafe(24)}",
                secrets.token_urlsafe(48),
            )
            file.touch(mode=0o600)
            file.write_text(json.dumps(keys))
        publishable, secret, jwt_secret = json.loads(file.read_text())
        return publishable, secret, jwt_secret

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def _session(self, path: str, email: str, password: str) -> tuple[str, str]:
        answer = request(
            "POST",
            f"{self.url}/auth/v1/{path}",
            headers={"apikey": self.publishable_key},
            json={"email": email, "password": password},
        )
        answer.raise_for_status()
        session = answer.json()
        return session["user"]["id"], session["access_token"]


def adapted(config: str, port: int) -> str:
    """The project's own config.toml with what @supabase/lite needs besides: database, port, keys."""
    publishable, secret, jwt_secret = (f"env({name})" for name in KEY_NAMES)
    additions = {
        "[db]": ['driver = "pglite"', 'url = "supabase/.temp/data"'],
        "[auth]": [
            f'publishable_key = "{publishable}"',
            f'secret_key = "{secret}"',
            f'jwt_secret = "{jwt_secret}"',
        ],
    }
    lines = []
    section = ""
    for line in config.splitlines():
        section = line if line.startswith("[") else section
        lines.append(f"port = {port}" if section == "[api]" and line.startswith("port") else line)
        lines += additions.get(line, [])
    return "\n".join(lines) + "\n"
