"""Real Syncthing instances on loopback that share one folder.

Nothing leaves 127.0.0.1: discovery, relays, reports and upgrades are off
before the first start.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

KEY, FOLDER = "test-key", "pair"
OFF = ("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled",
       "natEnabled", "announceLANAddresses", "crashReportingEnabled",
       "startBrowser", "setLowPriority")
DEVICE = ('<device id="{id}" name="{id}"><address>tcp://127.0.0.1:{port}'
          "</address></device>")
CONFIG = """<configuration version="36">
<folder id="{folder}" path="{path}" type="sendreceive" rescanIntervalS="3600"
 fsWatcherEnabled="true" fsWatcherDelayS="1">
<filesystemType>basic</filesystemType>{members}
<minDiskFree unit="%">0</minDiskFree><maxConflicts>10</maxConflicts></folder>
{devices}
<gui enabled="true" tls="false"><address>127.0.0.1:{gui}</address>
<apikey>{key}</apikey></gui>
<options><listenAddress>tcp://127.0.0.1:{port}</listenAddress>{off}
<stunKeepaliveStartS>0</stunKeepaliveStartS><urAccepted>-1</urAccepted>
<autoUpgradeIntervalH>0</autoUpgradeIntervalH>
<reconnectionIntervalS>1</reconnectionIntervalS>
<limitBandwidthInLan>true</limitBandwidthInLan>
<maxSendKbps>{kbps}</maxSendKbps></options></configuration>"""


def missing():
    """Why there is no Syncthing here; None when there is."""
    return None if shutil.which("syncthing") else "syncthing is not installed"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Instance:
    def __init__(self, home, path):
        self.home, self.path = home, path
        self.gui, self.port = free_port(), free_port()
        self.process = None
        os.makedirs(os.path.join(path, ".stfolder"), exist_ok=True)
        env = self.environment()
        subprocess.run(
            ["syncthing", "generate", f"--home={home}", "--no-default-folder",
             "--skip-port-probing"], env=env, check=True, capture_output=True)
        self.id = subprocess.run(
            ["syncthing", "serve", f"--home={home}", "--device-id"], env=env,
            check=True, capture_output=True, text=True).stdout.strip()

    def environment(self):
        return dict(os.environ, STNOUPGRADE="1", STNODEFAULTFOLDER="1",
                    HOME=self.home)

    def start(self, all_of_them, kbps):
        with open(os.path.join(self.home, "config.xml"), "w",
                  encoding="utf-8") as file:
            file.write(CONFIG.format(
                folder=FOLDER, path=self.path, gui=self.gui, key=KEY,
                port=self.port, kbps=kbps,
                off="".join(f"<{name}>false</{name}>" for name in OFF),
                members="".join(f'<device id="{i.id}"></device>'
                                for i in all_of_them),
                devices="".join(DEVICE.format(id=i.id, port=i.port)
                                for i in all_of_them)))
        log = open(os.path.join(self.home, "log"), "wb")
        with log:
            self.process = subprocess.Popen(
                ["syncthing", "serve", f"--home={self.home}", "--no-browser",
                 "--no-restart", "--no-upgrade"], env=self.environment(),
                stdout=log, stderr=log)

    def ask(self, path, method="GET"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gui}/rest/{path}", method=method,
            headers={"X-API-Key": KEY})
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text.strip() else None

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Cloud:
    """Instances that share their folders."""

    def __init__(self, home, paths, kbps=0):
        self.all = []
        for i, path in enumerate(paths):
            own = os.path.join(home, f"syncthing{i}")
            os.makedirs(own)
            self.all.append(Instance(own, path))
        for one in self.all:
            one.start(self.all, kbps)
        self.until(self.connected)
        self.settle()

    def until(self, what, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if what():
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited for {what.__name__} in vain")

    def connected(self):
        return all(
            sum(c["connected"] for c in
                one.ask("system/connections")["connections"].values())
            >= len(self.all) - 1 for one in self.all)

    def same(self):
        states = [one.ask(f"db/status?folder={FOLDER}") for one in self.all]
        counts = {tuple(s[k] for k in ("globalFiles", "globalBytes",
                                       "globalDeleted", "localFiles",
                                       "localBytes")) for s in states}
        return len(counts) == 1 and all(
            s["state"] == "idle" and s["needTotalItems"] == 0 for s in states)

    def scan(self, first=0, last=None):
        """A busy instance answers only when its transfer is over."""
        for one in self.all[first:last]:
            one.ask(f"db/scan?folder={FOLDER}", "POST")

    def settle(self, seconds=60):
        """Everything is everywhere, and stays so for a moment."""
        self.scan()
        for _ in range(3):
            self.until(self.same, seconds)
            time.sleep(0.2)

    def part(self):
        for one in self.all:
            one.ask("system/pause", "POST")

    def join(self):
        for one in self.all:
            one.ask("system/resume", "POST")
        self.until(self.connected)

    def stop(self):
        for one in self.all:
            one.stop()
