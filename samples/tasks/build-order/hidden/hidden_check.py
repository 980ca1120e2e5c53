import os
import subprocess
import sys
import tempfile
import unittest


def build(text, *targets, seed="random", timeout=20):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write(text)
    try:
        env = dict(os.environ, PYTHONHASHSEED=str(seed), PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(
            [sys.executable, "-m", "builder", file.name, *targets],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, env=env, timeout=timeout,
        )
        return done.returncode, done.stdout.split(), done.stderr.strip()
    finally:
        os.unlink(file.name)


DEMO = """app: main.o util.o   # the program
main.o: main.c config.h
util.o: util.c
config.h: gen
gen: gen.py
docs: app
"""


class Check(unittest.TestCase):
    def built(self, text, order, *targets):
        self.assertEqual(build(text, *targets), (0, order.split(), ""))

    def fails(self, text, message, *targets):
        self.assertEqual(build(text, *targets), (1, [], message))

    def test_demo_is_the_same_for_every_seed(self):
        for seed in range(6):
            self.assertEqual(build(DEMO, seed=seed)[1], "util.o gen config.h main.o app docs".split())

    def test_first_in_the_file_comes_first(self):
        self.built("z: x\ny:\nx:\na: z y\nb:\n", "y x z a b")
        self.built("c: s\nb: s\na: s\n", "c b a")

    def test_several_lines_add_up_and_keep_the_first_place(self):
        self.built("a: b\nc:\nb:\na: d\nd:\n", "c b d a")

    def test_comments_blank_lines_and_spaces(self):
        self.built("# nothing\n\n  a :  b b  # twice\n\tb:\n", "b a")
        self.built("", "")

    def test_only_what_is_wanted(self):
        self.built(DEMO, "gen config.h main.o", "main.o")
        self.built(DEMO, "util.o gen", "gen", "util.o")
        self.fails(DEMO, "no target: main.c", "gen", "main.c")

    def test_circles(self):
        self.fails("a: b\nb: a\n", "circle: a -> b -> a")
        self.fails("a: a\n", "circle: a -> a")
        # `user` needs a circle but is in none.
        self.fails("user: p\nq: p\np: q\n", "circle: q -> p -> q")
        self.fails("a: b d\nb: c\nc: a\nd: a\n", "circle: a -> d -> a")
        self.fails("a: x y\ny: a\nx: a\n", "circle: a -> x -> a")
        self.fails("a: p q\nq: r\np: s\nr: a\ns: a\n", "circle: a -> p -> s -> a")

    def test_only_circles_of_what_is_built(self):
        text = "a: b\nb: a\nc: d\nd:\n"
        self.built(text, "d c", "c")
        self.fails(text, "circle: a -> b -> a", "c", "b")

    def test_bad_lines(self):
        self.fails("a: b\n# fine\nwhat is this\n", 'line 3: expected "target: needs"')
        self.fails("a b: c\n", 'line 1: expected "target: needs"')
        self.fails(": c\n", 'line 1: expected "target: needs"')

    def test_long_and_wide(self):
        n = 50000
        chain = "".join("t%d: t%d\n" % (i, i + 1) for i in range(n))
        code, order, _ = build(chain)
        self.assertEqual((code, order), (0, ["t%d" % i for i in reversed(range(n))]))
        wide = "all: %s\n" % " ".join("n%d" % i for i in range(n)) + "".join("n%d:\n" % i for i in range(n))
        code, order, _ = build(wide)
        self.assertEqual((code, order), (0, ["n%d" % i for i in range(n)] + ["all"]))
        code, _, error = build(chain + "t%d: t0\n" % n)
        self.assertEqual((code, error[:14], error.count(" -> ")), (1, "circle: t0 -> ", n + 1))


if __name__ == "__main__":
    unittest.main()
