"""The verdict of calendar programs that this project did not write.

A script beside the checkout runs them; it installs what it needs the first time.
"""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "shared/calendar/check_ics.sh"
MINUTES_10 = 600

READERS = ["octets", "libical", "ical.js", "node-ical", "vobject", "sabre", "calcurse"]
# Those that say when the event begins, in UTC.
DATED = ["libical", "ical.js", "node-ical", "vobject", "sabre"]

marks = [
    pytest.mark.readers,
    pytest.mark.slow,
    pytest.mark.skipif(
        not SCRIPT.exists(),
        reason="calendar/check_ics.sh is not in a folder `shared` beside the checkout",
    ),
]


class Verdicts:
    """What each reader says of each file of `files` (name → octets), written into
    `folder`."""

    def __init__(self, files: Mapping[str, bytes], folder: Path) -> None:
        paths = []
        for name, content in files.items():
            paths.append(folder / f"{name}.ics")
            paths[-1].write_bytes(content)
        run = subprocess.run(
            ["bash", str(SCRIPT), *map(str, paths)],
            capture_output=True,
            text=True,
            timeout=MINUTES_10,
            check=False,
        )
        self.files = list(files)
        self.found_no_fault = run.returncode == 0
        self.report = f"exit code {run.returncode}\n{run.stdout}{run.stderr}"
        self._said = _sorted_by_reader(run.stdout)

    def assert_complete(self) -> None:
        """Every reader ran on every file, and the script found no fault."""
        wanted = {(file, reader) for file in self.files for reader in READERS}
        missing = wanted - set(self._said)
        assert not missing, self.report
        assert self.found_no_fault, self.report

    def assert_accepts(self, reader: str, file: str) -> None:
        """`reader` has nothing to object to `file`."""
        verdict = self._said[file, reader]
        if reader == "calcurse":
            assert "0 events / 0 todos / 0 skipped" in verdict
            assert not verdict.count("\n0 app")
        else:
            assert re.match(r"ok\b", verdict), verdict
            assert "\n" not in verdict.rstrip(), verdict

    def assert_shows(self, reader: str, file: str, method: str, start: str) -> None:
        """`reader`, one of `DATED`, reads in `file` that method ("" for none) and
        that start, as in 20260625T080000Z."""
        verdict = self._said[file, reader]
        shown = re.search(r" start=(\S+)", verdict)
        assert shown, verdict
        assert re.sub(r"[-:]|\.000", "", shown[1]) == start
        if reader != "vobject":  # It does not tell.
            assert re.search(rf" method={method or '(null|undefined|)'} ", verdict)


def _sorted_by_reader(report: str) -> dict[tuple[str, str], str]:
    said: dict[tuple[str, str], str] = {}
    name = reader = ""
    for line in report.splitlines():
        if line.startswith("== "):
            name, reader = Path(line[3:]).stem, ""
        elif found := re.match(rf"  ({'|'.join(map(re.escape, READERS))}) +(.*)", line):
            reader = found[1]
            said[name, reader] = found[2]
        elif reader:
            said[name, reader] += "\n" + line
    return said
