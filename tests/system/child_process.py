# SPDX-License-Identifier: MIT
"""A server as a child of the test, in a process group of its own, ended by its id."""
import os
import signal
import subprocess


class ChildProcess:
    def __init__(self, command, output_path, env=None):
        self._output = open(output_path, "ab")
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._output,
                                         stderr=self._output, start_new_session=True, env=env)
        self.pid = self._process.pid
        self.output_path = output_path

    def running(self):
        return self._process.poll() is None

    def output(self):
        with open(self.output_path, errors="replace") as file:
            return file.read()

    def signal(self, number):
        os.kill(self.pid, number)

    def signal_group(self, number):
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def kill(self):
        """As a crash: SIGKILL to the whole group."""
        self.signal_group(signal.SIGKILL)
        self._process.wait()
        self._output.close()

    def stop(self, patience=10.0):
        """SIGTERM, then after `patience` seconds SIGKILL; returns the exit status."""
        if self.running():
            self.signal(signal.SIGTERM)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        self.kill()
        return self._process.returncode
