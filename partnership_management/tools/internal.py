"""What our own code says to itself in the context, where a client says what it likes."""


class Internal(str):
    """A client sends words, numbers and lists: none of them is of this class, nor the same. Odoo
    takes an environment that it has for one with the same context."""

    __slots__ = ()

    def __eq__(self, other):
        return isinstance(other, Internal)

    def __ne__(self, other):
        return not isinstance(other, Internal)

    __hash__ = str.__hash__


INTERNAL = Internal("partnership")


def is_internal(records, key):
    """:return: whether our own code has set ``key`` in the context of ``records``"""
    return isinstance(records.env.context.get(key), Internal)
