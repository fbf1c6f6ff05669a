"""A database with a hosted project's default grants and our migrations; no server changed its rights."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from infra.local.supabase import MIGRATIONS, SupabaseServer

EARLY_USER = "00000000-0000-4000-8000-00000000ea41"

LIKE_A_HOSTED_PROJECT = f"""
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
create publication supabase_realtime;
insert into auth.users (id, email) values ('{EARLY_USER}', 'early@example.org');
"""
"""What a project does before the first migration of ours; and somebody had signed up already."""


@cache
def the_database() -> SupabaseServer:
    """The session's, made by the first test that needs it. Leave it as it was: `run_sql` in a transaction."""
    folder = Path(tempfile.mkdtemp(prefix="knight-vision-migrations-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "20000101000000_be_like_a_hosted_project.sql").write_text(LIKE_A_HOSTED_PROJECT)
    for file in MIGRATIONS.glob("*.sql"):
        shutil.copy(file, folder)
    server = SupabaseServer(migrations=folder)
    atexit.register(server.stop)
    server.migrate()
    return server
