"""Creates an agent who may sign in to the inbox, or gives one a new name and password."""

from __future__ import annotations

import argparse
import getpass
import json
import sys

from bot.database import Database
from bot.desk.agents import Agents, folded
from bot.settings import get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", required=True, help="what the agent types to sign in, such as wen")
    parser.add_argument("--name", required=True, help="what customers read, such as Wen")
    parser.add_argument("--json", action="store_true", help="print a JSON line")


def run(args: argparse.Namespace) -> int:
    """Ask for a password (or read one line of standard input) and keep the agent."""
    password = _password()
    settings = get_settings()
    database = Database(settings.url)
    try:
        database.migrate()
        agents = Agents(database, session_hours=settings.session_hours)
        new = agents.save(login=args.login, name=args.name, password=password, now=settings.make_clock()())
    finally:
        database.close()
    login, name = folded(args.login), args.name.strip()
    if args.json:
        print(json.dumps({"login": login, "name": name, "created": new}))
    elif new:
        print(f"{name} may sign in at /team/ as {login}.")
    else:
        print(f"{name} ({login}) has a new password; every session of theirs has ended.")
    return 0


def _password() -> str:
    """A password from the terminal, typed twice, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise ValueError("The two passwords differ; run the command again.")
    return password
