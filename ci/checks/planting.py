"""A simulator with one source changed by a patch: a copy of that source is compiled and linked before the library that
has the real one, and nothing else is touched."""

import json
import pathlib
import re
import shlex
import subprocess


def output_of(command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def planted_simulator(root, build, patch, folder):
    """The program with the bug in it: its source's object comes before the library that has the sound one."""
    source = re.search(r"^--- a/(\S+)", patch.read_text(encoding="utf-8"), re.MULTILINE)[1]
    copy = folder / source
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes((root / source).read_bytes())
    output_of(["patch", "-s", "-p1", "-d", str(folder), "-i", str(patch)])
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    compile_it = shlex.split(next(each["command"] for each in commands
                                  if pathlib.Path(each["file"]).resolve() == root / source))
    compile_it[compile_it.index("-o") + 1] = str(folder / "planted.o")
    compile_it[compile_it.index("-c") + 1] = str(copy)
    output_of(compile_it, cwd=build)
    link = output_of(["ninja", "-t", "commands", "rtjam-sim"], cwd=build).splitlines()[-1]
    link_it = shlex.split(link.removeprefix(": && ").removesuffix(" && :"))
    link_it[link_it.index("-o") + 1] = str(folder / "planted-sim")
    output_of([link_it[0], str(folder / "planted.o"), *link_it[1:]], cwd=build)
    return folder / "planted-sim"
