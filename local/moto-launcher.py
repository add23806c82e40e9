"""Starts moto's server with one repair.

moto copies a state machine with deepcopy when an execution starts. One that already runs an execution holds a thread
lock, which cannot be copied, so every second StartExecution would fail. A shallow copy with its own list is enough.
"""

import copy
import os
import sys
import threading
import time

from moto.server import main
from moto.stepfunctions.models import StateMachine


def shallow(machine, _memo):
    twin = copy.copy(machine)
    twin.executions = list(machine.executions)
    return twin


def leave_with_parent():
    """A parent that is killed outright cannot clean up: this process then belongs to another, and ends itself."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


StateMachine.__deepcopy__ = shallow
threading.Thread(target=leave_with_parent, daemon=True).start()
main(sys.argv[1:])
