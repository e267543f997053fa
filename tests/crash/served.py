"""The program, started once and run thousands of times.

served.c, preloaded, holds the program just before main and lets a child go on
from there for each run: no loading, and faults without a tracer. Each process
of the harness has one server, started when it is first needed.
"""

import errno
import fcntl
import os
import signal
import socket
import struct
import subprocess
import tempfile
from dataclasses import dataclass

ANSWER = struct.Struct("ii")  # pid, wait status


@dataclass(frozen=True)
class Fault:
    """What becomes of a call of this name, the first-th to the last-th time."""
    name: str
    what: str       # "kill", "stop", "list" or an error's name
    first: int = 1
    last: int = 0   # 0: for ever

    def __str__(self):
        number = getattr(errno, self.what, 0)
        action = "error" if number else self.what
        return f"{self.name} {action} {number} {self.first} {self.last}"


def library():
    """What is preloaded; None where it was not built."""
    program = os.environ.get("COLDSYNC", "")
    path = os.path.join(os.path.dirname(program), "tests", "crash",
                        "served.so")
    return path if os.path.exists(path) else None


def saboteur():
    """What else is: tests/saboteurs/prove.py puts it before the program."""
    return os.environ.get("SABOTEUR")


def preloaded():
    return ":".join(filter(None, (library(), saboteur())))


class Server:
    """A program waiting before its main."""

    def __init__(self, program, place):
        self.owner = os.getpid()
        self.socket, theirs = socket.socketpair(socket.AF_UNIX,
                                                socket.SOCK_SEQPACKET)
        self.out, self.err, self.log = (appended(place) for _ in range(3))
        self.process = subprocess.Popen(
            [program], stdin=subprocess.DEVNULL, stdout=self.out,
            stderr=self.err, pass_fds=(theirs.fileno(), self.log.fileno()),
            env={**os.environ, "LD_PRELOAD": preloaded(),
                 "SERVED_SOCKET": str(theirs.fileno()),
                 "SERVED_LOG": str(self.log.fileno())})
        theirs.close()
        self.child = None

    def start(self, words, env, cwd, faults=()):
        for file in (self.out, self.err, self.log):
            file.truncate(0)
        strings = [cwd, str(len(faults)), *map(str, faults), str(len(words)),
                   *words, *(f"{k}={v}" for k, v in env.items())]
        self.socket.sendall(b"".join(os.fsencode(s) + b"\0" for s in strings))

    def wait(self, timeout=60):
        """The exit code as subprocess has it; None when it stands still."""
        self.socket.settimeout(timeout)
        try:
            answer = self.socket.recv(ANSWER.size)
        except socket.timeout:
            answer = b""
        if len(answer) != ANSWER.size:
            self.end()
            raise TimeoutError("the program does not end")
        self.child, status = ANSWER.unpack(answer)
        if os.WIFSTOPPED(status):
            return None
        code = os.waitstatus_to_exitcode(status)
        if 120 <= code <= 125:
            raise RuntimeError(f"served.c ends with {code}")
        return code

    def go_on(self):
        self.socket.sendall(b".")

    def said(self):
        """What it wrote to stdout and stderr."""
        return contents(self.out), contents(self.err)

    def listed(self):
        return contents(self.log).decode(errors="surrogateescape")

    def end(self):
        """It, and with it its child, is no more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.socket.close()


def appended(place):
    """A nameless file whose writers all write to its end, wherever that is."""
    file = tempfile.TemporaryFile(dir=place)
    flags = fcntl.fcntl(file, fcntl.F_GETFL)
    fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_APPEND)
    return file


def contents(file):
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


class Servers:
    """This process's own, by program."""

    def __init__(self):
        self.by_program = {}

    def of(self, program, place):
        server = self.by_program.get(program)
        if (server is None or server.owner != os.getpid()
                or server.process.poll() is not None):
            server = self.by_program[program] = Server(program, place)
        return server


SERVERS = Servers()
