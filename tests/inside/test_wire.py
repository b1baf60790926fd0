"""Frames, and a channel whose other end does not behave."""

import contextlib
import signal
import socket

import numpy as np
import pytest

from grader.inside.wire import Channel, digest, receive, uninterrupted


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_what_is_sent_arrives_and_an_array_only_once(pair):
    channel = Channel(pair[0])
    array = np.arange(6.0).reshape(2, 3)
    empty = np.zeros((0, 2), np.int64)
    arrays = {digest(array): array, digest(empty): empty}
    for _ in range(2):
        assert channel.send({"frame": "x", "text": "é\ud800"}, arrays)
    message, first = receive(pair[1])
    assert message == {"frame": "x", "text": "é?"}  # a lone surrogate is no Unicode
    assert first[digest(array)].tolist() == array.tolist()
    assert first[digest(empty)].shape == (0, 2)
    assert receive(pair[1])[1] == {}


def test_a_peer_that_left_is_not_missed(pair):
    channel = Channel(pair[0])
    pair[1].close()
    assert not channel.send({"frame": "x"}, {})
    assert channel.socket is None
    assert not channel.send({"frame": "x"}, {})


def test_a_peer_that_does_not_read_is_given_up(pair):
    channel = Channel(pair[0], patience=0.01)
    big = np.zeros(1 << 20)
    assert not channel.send({"frame": "x"}, {digest(big): big})
    assert channel.socket is None


def test_what_is_no_frame_is_refused(pair):
    pair[0].sendall(b"x" * 16)
    with pytest.raises(ValueError, match="not a frame"):
        receive(pair[1])


def test_digests_tell_shape_and_dtype():
    one = np.zeros(4)
    assert len({digest(a) for a in (one, one.reshape(2, 2), one.astype(int), one + 1)}) == 4
    assert digest(one) == digest(np.zeros(4))


def test_a_handler_that_raises_as_signals_are_blocked_leaves_none_blocked():
    class LateError(Exception):
        pass

    def ring(*_):
        raise LateError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        for _ in range(1000):
            with contextlib.suppress(LateError):
                signal.setitimer(signal.ITIMER_REAL, 5e-5)
                for _ in range(1000):
                    uninterrupted(int)
            with contextlib.suppress(LateError):
                signal.setitimer(signal.ITIMER_REAL, 0)
            assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
