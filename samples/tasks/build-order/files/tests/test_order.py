import unittest

from builder.graph import order
from builder.parse import parse


class OrderTest(unittest.TestCase):
    def test_needs_come_first(self):
        self.assertEqual(order(parse("a: b\nb: c\n")), ["b", "a"])
