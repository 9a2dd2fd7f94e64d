#!/usr/bin/env python3
"""The vsock device of one emulated enclave: a vhost-user backend for QEMU, with Unix sockets on the parent's side.

    vsock_backend.py --socket qemu.sock --cid 16 --forward parent.sock=5005 --serve 8000=kms.sock

--forward PATH=PORT  listens at PATH; each connection goes to PORT of the enclave
--serve PORT=PATH    each connection of the enclave to PORT goes to the socket at PATH; other ports are refused

Standard library only. Protocols: virtio 1.2, 5.10 (socket device), and QEMU's docs/interop/vhost-user.rst.
"""
import argparse
import ctypes
import mmap
import os
import selectors
import signal
import socket
import struct
import sys

# struct virtio_vsock_hdr: source and destination CID and port, length, type, operation, flags, credit.
HEADER = struct.Struct('<QQIIIHHIII')
STREAM = 1
REQUEST, RESPONSE, RESET, SHUTDOWN, DATA, CREDIT_UPDATE, CREDIT_REQUEST = range(1, 8)
NO_MORE_RECEIVED, NO_MORE_SENT = 1, 2

# What the enclave may send before the parent's side has read it, and the most that one packet carries.
BUFFER = 256 * 1024
PACKET = 16 * 1024

RECEIVE_QUEUE, SEND_QUEUE = 0, 1


class Memory:
    """The guest's memory, as QEMU hands it over."""

    def __init__(self):
        self.regions = []

    def replace(self, table, descriptors):
        self.regions = []
        (count,) = struct.unpack_from('<I', table)
        for index in range(count):
            guest, size, user, offset = struct.unpack_from('<QQQQ', table, 8 + 32 * index)
            self.regions.append((guest, user, size, offset, mmap.mmap(descriptors[index], size + offset)))
            os.close(descriptors[index])

    def guest(self, address, length=0):
        return self._find(0, address, length)

    def user(self, address):
        return self._find(1, address, 0)

    def _find(self, kind, address, length):
        for region in self.regions:
            start, size = region[kind], region[2]
            if start <= address and address + length <= start + size:
                return region[4], address - start + region[3]
        raise ValueError(f'{address:#x} is no address of the guest')


class Queue:
    """One split virtqueue."""

    def __init__(self, memory):
        self.memory = memory
        self.size = self.last = 0
        self.rings = self.kick = self.call = None
        self.enabled = False

    def ready(self):
        return self.enabled and self.rings is not None and self.kick is not None

    def take(self):
        """The next chain of buffers: its head, and (memory, offset, length) of each."""
        if not self.ready():
            return None
        descriptors, available, _ = self.rings
        memory, offset = available
        if ctypes.c_uint16.from_buffer(memory, offset + 2).value == self.last:
            return None
        (head,) = struct.unpack_from('<H', memory, offset + 4 + 2 * (self.last % self.size))
        self.last = (self.last + 1) & 0xFFFF
        chain, index = [], head
        while True:
            table, start = descriptors
            address, length, flags, following = struct.unpack_from('<QIHH', table, start + 16 * index)
            chain.append((*self.memory.guest(address, length), length))
            if not flags & 1 or len(chain) > self.size:
                return head, chain
            index = following

    def give_back(self, head, written):
        memory, offset = self.rings[2]
        index = ctypes.c_uint16.from_buffer(memory, offset + 2)
        struct.pack_into('<II', memory, offset + 4 + 8 * (index.value % self.size), head, written)
        index.value = (index.value + 1) & 0xFFFF
        if self.call is not None:
            os.write(self.call, struct.pack('<Q', 1))


class Connection:
    """One stream between a socket of the parent's side and a port of the enclave."""

    def __init__(self, sock, cid, port, enclave_port, is_open):
        sock.setblocking(False)
        self.sock, self.cid, self.port, self.enclave_port = sock, cid, port, enclave_port
        self.open = is_open
        self.sent = self.credit_total = self.credit_used = 0
        self.received = 0
        self.pending = bytearray()
        self.ended_here = self.ended_there = False

    def credit(self):
        return self.credit_total - ((self.sent - self.credit_used) & 0xFFFFFFFF)

    def wants(self):
        """What to wait for on the socket."""
        reads = self.open and not self.ended_here and self.credit() > 0
        return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if self.pending else 0)


class Device:
    """The socket device: moves bytes between queues and connections."""

    def __init__(self, cid, served):
        self.cid, self.served = cid, served
        self.memory = Memory()
        self.queues = [Queue(self.memory) for _ in range(3)]
        self.connections = {}
        self.waiting = []
        self.next_port = 1 << 30
        self.on_close = lambda connection: None

    def connect(self, sock, enclave_port):
        """A connection of the parent's side to a port of the enclave."""
        self.next_port += 1
        connection = Connection(sock, 2, self.next_port, enclave_port, False)
        self._add(connection)
        self._send(connection, REQUEST)

    def run(self):
        """Takes what the enclave sent, and gives it what waits for it."""
        while (taken := self.queues[SEND_QUEUE].take()) is not None:
            head, chain = taken
            packet = b''.join(memory[offset : offset + length] for memory, offset, length in chain)
            self.queues[SEND_QUEUE].give_back(head, 0)
            self._packet(packet)
        self._flush()

    def read(self, connection):
        """Passes on what the socket has, as far as the enclave has room for it."""
        room = min(connection.credit(), PACKET)
        if room <= 0 or connection.ended_here:
            return
        try:
            data = connection.sock.recv(room)
        except BlockingIOError:
            return
        except OSError:
            self._reset(connection)
            return
        if data:
            connection.sent = (connection.sent + len(data)) & 0xFFFFFFFF
            self._send(connection, DATA, data)
        else:
            connection.ended_here = True
            self._send(connection, SHUTDOWN, flags=NO_MORE_SENT)
            self._finish(connection)

    def write(self, connection):
        """Writes what waits for the socket."""
        try:
            count = connection.sock.send(connection.pending)
        except BlockingIOError:
            return
        except OSError:
            self._reset(connection)
            return
        del connection.pending[:count]
        connection.received = (connection.received + count) & 0xFFFFFFFF
        self._send(connection, CREDIT_UPDATE)
        self._finish(connection)

    def _packet(self, packet):
        _, cid, enclave_port, port, length, _, operation, flags, total, used = HEADER.unpack_from(packet)
        connection = self.connections.get((port, enclave_port))
        if operation == REQUEST:
            self._accept(cid, port, enclave_port, total, used)
        elif connection is None:
            if operation != RESET:
                self._queue(cid, port, enclave_port, RESET)
        else:
            connection.credit_total, connection.credit_used = total, used
            self._on(connection, operation, flags, packet[HEADER.size : HEADER.size + length])

    def _on(self, connection, operation, flags, data):
        if operation == RESPONSE:
            connection.open = True
        elif operation == DATA:
            connection.pending += data
            self.write(connection)
        elif operation == CREDIT_REQUEST:
            self._send(connection, CREDIT_UPDATE)
        elif operation == RESET:
            self._close(connection)
        elif operation == SHUTDOWN:
            connection.ended_there = connection.ended_there or bool(flags & NO_MORE_SENT)
            connection.ended_here = connection.ended_here or bool(flags & NO_MORE_RECEIVED)
            self._finish(connection)

    def _accept(self, cid, port, enclave_port, total, used):
        sock = socket.socket(socket.AF_UNIX)
        # One that does not accept must not hold up the others.
        sock.setblocking(False)
        try:
            sock.connect(self.served[port])
        except (KeyError, OSError):
            sock.close()
            self._queue(cid, port, enclave_port, RESET)
            return
        connection = Connection(sock, cid, port, enclave_port, True)
        connection.credit_total, connection.credit_used = total, used
        self._add(connection)
        self._send(connection, RESPONSE)

    def _finish(self, connection):
        """Ends what is at its end: one direction once its bytes are out, the connection once both are."""
        if connection.ended_there and not connection.pending:
            if connection.ended_here:
                self._reset(connection)
                return
            try:
                connection.sock.shutdown(socket.SHUT_WR)
            except OSError:
                self._reset(connection)

    def _reset(self, connection):
        self._close(connection)
        self._queue(connection.cid, connection.port, connection.enclave_port, RESET)

    def _add(self, connection):
        self.connections[(connection.port, connection.enclave_port)] = connection

    def _close(self, connection):
        if self.connections.pop((connection.port, connection.enclave_port), None) is not None:
            self.on_close(connection)
            connection.sock.close()

    def _send(self, connection, operation, data=b'', flags=0):
        self._queue(
            connection.cid, connection.port, connection.enclave_port, operation, data, flags, connection.received
        )

    def _queue(self, cid, port, enclave_port, operation, data=b'', flags=0, received=0):
        self.waiting.append(((cid, self.cid, port, enclave_port), (STREAM, operation, flags, BUFFER, received), data))
        self._flush()

    def _flush(self):
        queue = self.queues[RECEIVE_QUEUE]
        while self.waiting and (taken := queue.take()) is not None:
            head, chain = taken
            addresses, rest, data = self.waiting.pop(0)
            room = sum(length for _, _, length in chain) - HEADER.size
            now, later = data[:room], data[room:]
            if later:
                self.waiting.insert(0, (addresses, rest, later))
            packet = HEADER.pack(*addresses, len(now), *rest) + now
            written = 0
            for memory, offset, length in chain:
                part = packet[written : written + length]
                memory[offset : offset + len(part)] = part
                written += len(part)
            queue.give_back(head, written)


class Frontend:
    """QEMU's side of the vhost-user protocol."""

    FEATURES = 1 << 32 | 1 << 30  # VIRTIO_F_VERSION_1, VHOST_USER_F_PROTOCOL_FEATURES
    PROTOCOL_FEATURES = 1 << 9 | 1 << 3  # CONFIG, REPLY_ACK
    REPLY, NEEDS_REPLY = 5, 8

    def __init__(self, sock, device):
        self.sock, self.device = sock, device

    def message(self):
        """Reads one message and does what it says. False when QEMU is gone."""
        descriptors = []
        head = self._exactly(12, descriptors)
        if head is None:
            return False
        request, flags, size = struct.unpack('<III', head)
        body = self._exactly(size, descriptors) if size else b''
        answer = self._do(request, body, descriptors)
        if answer is None and flags & self.NEEDS_REPLY:
            answer = struct.pack('<Q', 0)
        if answer is not None:
            self.sock.sendall(struct.pack('<III', request, self.REPLY, len(answer)) + answer)
        return True

    def _do(self, request, body, descriptors):
        queues = self.device.queues
        if request == 1:  # GET_FEATURES
            return struct.pack('<Q', self.FEATURES)
        if request == 15:  # GET_PROTOCOL_FEATURES
            return struct.pack('<Q', self.PROTOCOL_FEATURES)
        if request == 17:  # GET_QUEUE_NUM
            return struct.pack('<Q', len(queues))
        if request == 5:  # SET_MEM_TABLE
            self.device.memory.replace(body, descriptors)
        elif request == 8:  # SET_VRING_NUM
            index, queues_size = struct.unpack('<II', body)
            queues[index].size = queues_size
        elif request == 9:  # SET_VRING_ADDR
            index, _, table, used, available, _ = struct.unpack_from('<IIQQQQ', body)
            queues[index].rings = tuple(self.device.memory.user(place) for place in (table, available, used))
        elif request == 10:  # SET_VRING_BASE
            index, queues[index].last = struct.unpack('<II', body)
        elif request == 11:  # GET_VRING_BASE
            (index,) = struct.unpack_from('<I', body)
            queues[index].rings = queues[index].kick = None
            return struct.pack('<II', index, queues[index].last)
        elif request in (12, 13):  # SET_VRING_KICK, SET_VRING_CALL
            queue = queues[body[0]]
            descriptor = descriptors[0] if descriptors else None
            if request == 12:
                queue.kick = descriptor
            else:
                queue.call = descriptor
        elif request == 18:  # SET_VRING_ENABLE
            index, enabled = struct.unpack('<II', body)
            queues[index].enabled = bool(enabled)
        elif request == 24:  # GET_CONFIG
            offset, size, _ = struct.unpack_from('<III', body)
            space = struct.pack('<Q', self.device.cid).ljust(256, b'\0')
            return body[:12] + space[offset : offset + size]
        return None

    def _exactly(self, length, descriptors):
        data = b''
        while len(data) < length:
            part, passed, _, _ = socket.recv_fds(self.sock, length - len(data), 8)
            descriptors += passed
            if not part:
                return None
            data += part
        return data


def listener(path):
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(128)
    return sock


def serve(frontend, device, forwards):
    """Waits for QEMU, for the queues and for the sockets, until QEMU is gone."""
    selector = selectors.DefaultSelector()
    selector.register(frontend.sock, selectors.EVENT_READ, 'frontend')
    for sock, port in forwards:
        selector.register(sock, selectors.EVENT_READ, ('listener', port))
    watched, kicks = {}, set()

    def forget(connection):
        if watched.pop(connection, 0):
            selector.unregister(connection.sock)

    device.on_close = forget
    while True:
        for queue in device.queues[:2]:
            if queue.ready() and queue.kick not in kicks:
                selector.register(queue.kick, selectors.EVENT_READ, 'kick')
                kicks.add(queue.kick)
        for connection in list(device.connections.values()):
            wanted, now = connection.wants(), watched.get(connection, 0)
            if wanted != now:
                if now == 0:
                    selector.register(connection.sock, wanted, connection)
                elif wanted == 0:
                    selector.unregister(connection.sock)
                else:
                    selector.modify(connection.sock, wanted, connection)
                watched[connection] = wanted
        for key, events in selector.select():
            if key.data == 'frontend':
                if not frontend.message():
                    return
            elif key.data == 'kick':
                os.read(key.fd, 8)
            elif isinstance(key.data, tuple):
                device.connect(key.fileobj.accept()[0], key.data[1])
            else:
                if events & selectors.EVENT_WRITE and key.data.pending:
                    device.write(key.data)
                if events & selectors.EVENT_READ and key.data.sock.fileno() >= 0:
                    device.read(key.data)
        device.run()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--socket', required=True)
    parser.add_argument('--cid', type=int, required=True)
    parser.add_argument('--forward', action='append', default=[])
    parser.add_argument('--serve', action='append', default=[])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    served = {int(port): path for port, path in (text.split('=', 1) for text in options.serve)}
    forwards = [(listener(path), int(port)) for path, port in (text.rsplit('=', 1) for text in options.forward)]
    device = Device(options.cid, served)
    qemu = listener(options.socket)
    print('ready', flush=True)
    try:
        serve(Frontend(qemu.accept()[0], device), device, forwards)
    except ConnectionError:
        pass  # QEMU was killed.


if __name__ == '__main__':
    main()
