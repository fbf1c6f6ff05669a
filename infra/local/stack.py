"""The whole local stack: all parts started at once, connected through the template, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.control import control_app
from infra.local.data_folder import TemporaryFolder
from infra.local.engine import engine_path
from infra.local.event_bus import EventBusServer
from infra.local.front import front_app
from infra.local.lambda_service import LambdaService
from infra.local.process import free_port, processes_with_env
from infra.local.scheduler import Schedules
from infra.local.supabase import SupabaseServer
from infra.local.supabase_template import seed_database
from infra.local.template import Function, Template, load_template
from infra.local.valkey import ValkeyServer
from infra.local.warm_up import warm_up
from infra.local.web_page import page_app
from infra.local.web_servers import WebServers

__all__ = ["MARKER", "Options", "Stack"]

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
MARKER = "KNIGHT_VISION_STACK"
"""Environment variable with the stack's id, in every process that belongs to a stack."""
PAGE_SETTINGS = ("api_url", "supabase_url", "supabase_publishable_key")
HTTP_LIMIT = 10
"""Most environments of the function that serves HTTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What may differ from one stack to the next."""

    template: Path = ROOT / "template.yaml"
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Overrides of the template's parameters."""
    data: Path | None = None
    """Folder for logs and databases; None: a new one under .local."""
    keep: bool = False
    """Leave a new data folder behind."""
    port: int = 0
    """Port of the HTTP API; 0 takes a free one."""
    workers: int = 0
    """Simultaneous executions of each function that the bus calls; 0: WORKER_COUNT, else the cores."""
    web: Path | None = None
    """Folder of the built web client; None: no page is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUser:
    """How to be the user that a stack begins with."""

    email: str
    password: str
    token: str


class Stack:
    """A local stack. Between `start` and `stop`, `ready` has all addresses and keys."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.id = uuid.uuid4().hex[:12]
        self.data = (options.data or ROOT / ".local" / self.id).resolve()
        self.logs = self.data / "logs"
        self.workers = options.workers or int(os.environ.get("WORKER_COUNT") or len(os.sched_getaffinity(0)))
        self.temporary: TemporaryFolder | None = None
        self.timings_ms: dict[str, int] = {}
        self.ready: dict[str, Any] = {}
        self.background: list[asyncio.Task[None]] = []
        self.web = WebServers()
        self.service: LambdaService | None = None
        self.supabase: SupabaseServer | None = None
        self.parts: dict[str, ValkeyServer | SupabaseServer | EventBusServer] = {}

    async def start(self) -> None:
        """Start everything; returns when the API answers and a first phase would run at once."""
        async with self.timed("start"):
            if self.options.data is None and not self.options.keep:
                self.temporary = TemporaryFolder(self.data)
            self.logs.mkdir(parents=True, exist_ok=True)
            os.environ[MARKER] = self.id  # inherited by every part
            # Addresses and keys are known before the servers are up: everything can start at once.
            supabase = self.supabase = SupabaseServer(self.data / "supabase")
            valkey = ValkeyServer(port=free_port(), directory=self.data / "valkey")
            template = self.load(supabase)
            bus = EventBusServer(template, self.secrets(template, supabase, valkey), self.logs / "moto.log")
            self.parts = {"supabase": supabase, "valkey": valkey, "bus": bus}
            service = self.service = self.lambda_service(template, bus)
            await gather_all(
                self.start_part("supabase", lambda: start_supabase(supabase)),
                self.start_part("valkey", valkey.start),
                self.start_part("bus", bus.start),
            )
            http = next(name for name, function in template.functions.items() if function.serves_http)
            front = front_app(service, http, template.cors)
            api_url = await self.web.serve(front, self.options.port)
            schedules = Schedules(template, service.invoke_later)
            parts = {**self.parts, "schedules": schedules}
            control_url = await self.web.serve(control_app(service, parts, self.state))
            self.connect(service, bus, schedules)
            async with self.timed("warm-up"):
                self.background.append(await warm_up(template.functions.values(), service, self.workers))
        self.ready = {
            "id": self.id,
            "api_url": api_url,
            "docs_url": f"{api_url}/docs",
            "control_url": control_url,
            "supabase_url": supabase.url,
            "supabase_publishable_key": supabase.publishable_key,
            "supabase_secret_key": supabase.secret_key,
            "supabase_jwt_secret": supabase.jwt_secret,
            "redis_url": valkey.url,
            "redis_admin_url": valkey.admin_url,
            "aws_endpoint_url": bus.url,
            "data": str(self.data),
            "logs": str(self.logs),
            "workers": self.workers,
            "pids": self.pids(),
            "start_ms": self.timings_ms,
        }
        if self.options.web is not None:
            config = {name: self.ready[name] for name in PAGE_SETTINGS}
            self.ready["page_url"] = await self.web.serve(page_app(self.options.web, config))

    def sign_up_demo_user(self) -> DemoUser:
        """A new user, an operator. Raises RuntimeError before the start."""
        if self.supabase is None:
            raise RuntimeError("start the stack first")
        email, password = f"demo-{uuid.uuid4().hex[:8]}@example.com", uuid.uuid4().hex[:12]
        user_id, token = self.supabase.sign_up(email, password)
        self.supabase.make_operator(user_id)
        return DemoUser(email=email, password=password, token=token)

    def load(self, supabase: SupabaseServer) -> Template:
        """The template with the addresses of this stack's parts."""
        parameters = {
            "SupabaseUrl": supabase.url,
            "SupabasePublishableKey": supabase.publishable_key,
            # @supabase/lite signs users' tokens with HS256.
            "SupabaseJwtSecretParameter": "/knight-vision/supabase-jwt-secret",
            # So many are at work at once, and no more are called.
            "ReserveConcurrency": "true",
            **{f"{phase}Concurrency": str(self.workers) for phase in ("Initial", "Intermediate", "Complete")},
        }
        return load_template(self.options.template, {**parameters, **self.options.parameters})

    def secrets(self, template: Template, supabase: SupabaseServer, valkey: ValkeyServer) -> dict[str, str]:
        """The SSM parameters that the template names."""
        values = {
            "SupabaseSecretKeyParameter": supabase.secret_key,
            "SupabaseJwtSecretParameter": supabase.jwt_secret,
            "RedisUrlParameter": valkey.url,
        }
        return {template.parameters[name]: value for name, value in values.items()}

    def lambda_service(self, template: Template, bus: EventBusServer) -> LambdaService:
        """The functions, with what is not the template's: where AWS and the engine are."""
        variables = {
            "AWS_ENDPOINT_URL": bus.url,
            "STOCKFISH_PATH": engine_path(),
            MARKER: self.id,
        }

        async def report_failure(queue_arn: str, record: str) -> None:
            await asyncio.to_thread(bus.send, queue_arn, record)

        return LambdaService(
            template.functions,
            variables=variables,
            limits={name: self.limit(function) for name, function in template.functions.items()},
            logs=self.logs,
            on_failure=report_failure,
        )

    def limit(self, function: Function) -> int:
        """Most simultaneous executions of a function."""
        if function.reserved_concurrency is not None:
            return function.reserved_concurrency
        if function.serves_http:
            return HTTP_LIMIT
        return self.workers if function.rules else 1

    def connect(self, service: LambdaService, bus: EventBusServer, schedules: Schedules) -> None:
        """Let the bus and the schedules call functions."""
        loop = asyncio.get_running_loop()

        def call(name: str, event: bytes) -> None:
            loop.call_soon_threadsafe(service.invoke_later, name, event)

        bus.listen(call)
        self.background.append(asyncio.create_task(schedules.run()))

    async def start_part(self, name: str, start: Callable[[], None]) -> None:
        """Run a server's blocking start in a thread."""
        async with self.timed(name):
            await asyncio.to_thread(start)

    @contextlib.asynccontextmanager
    async def timed(self, name: str) -> AsyncIterator[None]:
        """Note how long a step takes."""
        began = time.monotonic()
        yield
        self.timings_ms[name] = round((time.monotonic() - began) * 1000)

    def pids(self) -> dict[str, int]:
        """Process ids of the stack itself and of its servers."""
        running = {name: part.process.pid for name, part in self.parts.items() if part.process is not None}
        return {"stack": os.getpid(), **running}

    def state(self) -> dict[str, Any]:
        """What /state answers."""
        functions = self.service.state() if self.service else {}
        return {"id": self.id, "pids": self.pids(), "functions": functions}

    async def stop(self) -> None:
        """End everything in good order: no new requests, then the functions, then what they talk to."""
        await self.web.stop()
        if self.service is not None:
            await self.service.close()
        await asyncio.gather(*(asyncio.to_thread(part.stop) for part in self.parts.values()))
        for task in self.background:
            task.cancel()
        await asyncio.gather(*self.background, return_exceptions=True)
        # Nothing should be left; if something is, it is not left running.
        for pid in processes_with_env(MARKER, self.id):
            if pid != os.getpid():
                log.error("process %d was left behind and is killed", pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self.temporary is not None:
            self.temporary.remove()


async def gather_all(*steps: Coroutine[Any, Any, None]) -> None:
    """Run steps at once. When one fails, the others are waited for: what they started can then be stopped."""
    results = await asyncio.gather(*steps, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def start_supabase(supabase: SupabaseServer) -> None:
    seed_database(supabase.directory, ROOT / ".local" / "cache", ROOT / "infra/local/package-lock.json")
    supabase.start()
