import sys

from builder.graph import order
from builder.parse import parse

print("\n".join(order(parse(open(sys.argv[1]).read()))))
