"""Starts moto's server with repairs. Each takes the place of something that moto does otherwise than AWS, or at a cost
that grows with all that was ever written, so that an hour of traffic ends in time-outs.

- A state machine that already runs an execution holds a thread lock, which `deepcopy` cannot copy, so every second
  StartExecution would fail. A shallow copy with its own list is enough.
- moto looks at a DynamoDB condition and writes afterwards, with nothing to keep another thread from writing in between.
  In DynamoDB the two are one step, and what may happen only once depends on it: here a lock makes them one.
- A query sorts the whole table. One without an index reads one partition, so it is shown that partition alone; where all
  items are needed, they are sorted by what they hold and not by objects that compare themselves.
- A transaction copies whole tables, streams and all, to have something to go back to. Here it works on the items that it
  names, and what came of them is put back when all of it went well.
- Every object that was ever made is kept for a dashboard that nobody opens.
"""

import copy
import os
import sys
import threading
import time
from collections import defaultdict

from moto.core.common_models import BaseModel
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.responses import DynamoHandler
from moto.server import main
from moto.stepfunctions.models import StateMachine


def shallow(machine, _memo):
    twin = copy.copy(machine)
    twin.executions = list(machine.executions)
    return twin


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


def all_items(self):
    if self.range_key_attr is None:
        return sorted(self.items.values(), key=lambda item: item.hash_key.cast_value)
    items = (item for partition in self.items.values() for item in partition.values())
    return sorted(items, key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))


transact_on_tables = DynamoDBBackend.transact_write_items


def transact_on_items(self, transact_items):
    wanted = defaultdict(list)
    for item in transact_items:
        operation = next(iter(item.values()))
        if operation.get("TableName") in self.tables:
            wanted[operation["TableName"]].append(operation.get("Key") or operation["Item"])
    twin = copy.copy(self)
    twin.tables = {**self.tables, **{name: excerpt(self.tables[name], keys) for name, keys in wanted.items()}}
    # Whatever it raises: nothing of it has happened.
    transact_on_tables(twin, transact_items)
    for name in wanted:
        put_back(self.tables[name], twin.tables[name])


def excerpt(table, keys):
    part = copy.copy(table)
    part.items = defaultdict(dict)
    for key in keys:
        hash_key = DynamoType(key[table.hash_key_attr])
        if hash_key not in table.items:
            continue
        if table.range_key_attr is None:
            part.items[hash_key] = copy.deepcopy(table.items[hash_key])
            continue
        range_key = DynamoType(key[table.range_key_attr])
        if hash_key not in part.items:
            part.items[hash_key] = dict(table.items[hash_key])
        if range_key in part.items[hash_key]:
            part.items[hash_key][range_key] = copy.deepcopy(part.items[hash_key][range_key])
    if table.stream_shard is not None:
        part.stream_shard = copy.deepcopy(table.stream_shard)
    part.named = {DynamoType(key[table.hash_key_attr]) for key in keys}
    return part


def put_back(table, part):
    for hash_key in part.named:
        if hash_key in part.items:
            table.items[hash_key] = part.items[hash_key]
        else:
            table.items.pop(hash_key, None)
    if table.stream_shard is not None:
        table.stream_shard.items.extend(part.stream_shard.items[len(table.stream_shard.items) :])


def shard_with_own_list(shard, _memo):
    twin = copy.copy(shard)
    twin.items = list(shard.items)
    return twin


def leave_with_parent():
    """A parent that is killed outright cannot clean up: this process then belongs to another, and ends itself."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


StateMachine.__deepcopy__ = shallow
DynamoHandler.call_action = guarded
Table.query = query_partition
Table.all_items = all_items
DynamoDBBackend.transact_write_items = transact_on_items
StreamShard.__deepcopy__ = shard_with_own_list
BaseModel.__new__ = lambda cls, *_args, **_named: object.__new__(cls)
threading.Thread(target=leave_with_parent, daemon=True).start()
main(sys.argv[1:])
