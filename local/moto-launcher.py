"""Starts moto's server with three repairs.

moto copies a state machine with deepcopy when an execution starts. One that already runs an execution holds a thread
lock, which cannot be copied, so every second StartExecution would fail. A shallow copy with its own list is enough.

moto looks at a DynamoDB condition and writes afterwards, with nothing to keep another thread from writing in between.
In DynamoDB the two are one step, and what may happen only once depends on it: here a lock makes them one.

moto sorts the whole table for each query, seconds of work once a table holds some ten thousand items. A query without an
index reads one partition, so here it is shown that partition alone.
"""

import copy
import os
import sys
import threading
import time

from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
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


one_at_a_time = threading.RLock()
unguarded = DynamoHandler.call_action


def guarded(self):
    with one_at_a_time:
        return unguarded(self)


query_whole = Table.query


def query_partition(self, hash_key, compare, keys, limit, after, forward, projection, index_name=None, *rest, **named):
    table = self
    if index_name is None:
        table = copy.copy(self)
        table.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
    return query_whole(table, hash_key, compare, keys, limit, after, forward, projection, index_name, *rest, **named)


DynamoHandler.call_action = guarded
Table.query = query_partition
StateMachine.__deepcopy__ = shallow
threading.Thread(target=leave_with_parent, daemon=True).start()
main(sys.argv[1:])
