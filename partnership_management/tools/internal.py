"""What our own code says to itself in the context, where a client says what it likes."""


class Internal(str):
    """A client sends words, numbers and lists: none of them is of this class."""

    __slots__ = ()


INTERNAL = Internal("partnership")


def is_internal(records, key):
    """:return: whether our own code has set ``key`` in the context of ``records``"""
    return isinstance(records.env.context.get(key), Internal)
