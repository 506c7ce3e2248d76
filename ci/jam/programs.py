"""Starts the programs of a jam, waits for what they report, and stops each by its own process id, whatever
happens."""

import contextlib
import os
import pathlib
import re
import subprocess
import time

STOP_SECONDS = 5


class Trouble(Exception):
    """Something did not happen as it should; the text says what, for a person to read."""


class Program:
    """A running program, with its output in LOGS/NAME.log."""

    def __init__(self, name, argv, logs):
        self.name = name
        self.log_path = pathlib.Path(logs) / f"{name}.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(word) for word in argv], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def complain(self, what):
        last_lines = "\n".join(self.log().splitlines()[-10:])
        raise Trouble(f"{self.name} {what}; its last lines, in {self.log_path}:\n{last_lines}")

    def wait_for(self, condition, limit_seconds, what):
        """Returns the condition's first true value; complains if the program ends before, or the time is
        over."""
        deadline = time.monotonic() + limit_seconds
        while not (result := condition()):
            if self.process.poll() is not None:
                self.complain(f"ended (status {self.process.returncode}) before {what}")
            if time.monotonic() > deadline:
                self.complain(f"took longer than {limit_seconds} s until {what}")
            time.sleep(0.05)
        return result

    def wait_for_end(self, limit_seconds):
        try:
            status = self.process.wait(limit_seconds)
        except subprocess.TimeoutExpired:
            self.complain(f"was still running after {limit_seconds} s")
        if status != 0:
            self.complain(f"ended with status {status}")

    def cpu_seconds(self):
        """Processor time so far, as the kernel counts it: fields 14 and 15 of /proc/PID/stat (proc(5))."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Returns the exit status: a program that must be killed has -9."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


@contextlib.contextmanager
def running(name, argv, logs):
    program = Program(name, argv, logs)
    try:
        yield program
    finally:
        program.stop()


def in_real_time(argv):
    """The same command with the priority that audio threads have, where that is permitted: what a machine's other
    work holds up is not what is measured. Below theirs (JACK's clients have 5 and more)."""
    prefix = ["chrt", "--fifo", "3"]
    permitted = subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return [*prefix, *argv] if permitted else argv


@contextlib.contextmanager
def running_server(bin_dir, logs, *options):
    """Yields (the server, its HOST:PORT) on a port of its own on loopback."""
    argv = in_real_time([pathlib.Path(bin_dir) / "rtjam-server", "--bind", "127.0.0.1", "--port", "0", "--no-http",
                         *options])
    with running("server", argv, logs) as server:
        ready = server.wait_for(lambda: re.search(r"listening\b.*:(\d+)", server.log()), 10, "it listened")
        yield server, f"127.0.0.1:{ready[1]}"
