"""Several machines around one cloud folder, each with a config of its own."""

import os
import shutil

from harness import FlowTest, native


class Machine:
    """One machine: where its things are, and what it can be made to do."""

    def __init__(self, test, name, extra="", cloud="cloud"):
        self.test, self.name = test, name
        self.local = test.make_dir(name, "local")
        self.cloud = test.make_dir(cloud)
        self.state = test.path(name, "state")
        self.config = test.write(f"{name}/{name}.ini", (
            f"[identity]\nmachine_id = {name}\nlabel = {name}'s desk\n"
            f"[paths]\nlocal_state_dir = {native(self.local)}\n"
            f"cloud_root_dir = {native(self.cloud)}\n"
            f"state_dir = {native(self.state)}\n{extra}"))

    def __call__(self, code, *args, **options):
        """Run coldsync here, expecting *code*."""
        return self.test.expect(
            code, "-c", native(self.config), *args, **options)

    def json(self, code, *args):
        return self(code, "--json", *args).json()

    def sync(self, code=0, *args):
        return self.json(code, "sync", "--apply", *args)

    def write(self, name, content):
        return self.test.write(
            os.path.relpath(os.path.join(self.local, name), self.test.home),
            content)

    def read(self, name):
        with open(os.path.join(self.local, name), encoding="utf-8") as file:
            return file.read()

    def tree(self):
        return tree(self.local)


def tree(root):
    """path -> content of every file below *root*, without .coldsync."""
    found = {}
    for top, dirs, files in os.walk(root):
        if top == root and ".coldsync" in dirs:
            dirs.remove(".coldsync")
        for name in files:
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, root).replace(os.sep, "/")] = (
                    file.read().decode("utf-8", "surrogateescape"))
    return found


class MachinesTest(FlowTest):
    """A test of machines that share self.cloud."""

    def machine(self, name, extra="", cloud="cloud"):
        return Machine(self, name, extra, cloud)

    def in_cloud(self, name, content=None):
        """Write a file into the cloud folder as a client would, or take one
        away."""
        path = os.path.join(self.cloud, name)
        if content is None:
            os.unlink(path)
        else:
            self.write(os.path.relpath(path, self.home), content)

    def save_cloud(self):
        """The folder as it is now, to be brought back."""
        copy = self.path(f"copy{len(os.listdir(self.home))}")
        shutil.copytree(self.cloud, copy)
        return copy

    def load_cloud(self, copy):
        shutil.rmtree(self.cloud)
        shutil.copytree(copy, self.cloud)

    def manifests(self):
        own = os.path.join(self.cloud, ".coldsync")
        found = {}
        for name in sorted(os.listdir(own)):
            if name.endswith(".manifest"):
                with open(os.path.join(own, name), "rb") as file:
                    found[name] = file.read()
        return found
