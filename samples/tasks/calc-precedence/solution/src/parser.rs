use crate::lexer::{Kind, Token};

const DEEPEST: usize = 1_000;
const OVERFLOW: &str = "overflow";

/// An expression. A sum or product is a list, so that long ones are not deep.
pub enum Tree {
    Number(String),
    Minus(Box<Tree>),
    Power(Box<Tree>, Box<Tree>),
    Chain(Box<Tree>, Vec<(char, Tree)>),
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

pub fn parse(tokens: &[Token]) -> Result<Tree, String> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let tree = parser.chain(&["+-", "*/%"])?;
    match parser.tokens.get(parser.at) {
        None => Ok(tree),
        Some(_) => Err(parser.unexpected()),
    }
}

impl Parser<'_> {
    fn sign(&mut self, signs: &str) -> Option<char> {
        match self.tokens.get(self.at)?.kind {
            Kind::Sign(c) if signs.contains(c) => {
                self.at += 1;
                Some(c)
            }
            _ => None,
        }
    }

    fn unexpected(&self) -> String {
        match self.tokens.get(self.at) {
            Some(token) => format!("unexpected {} at {}", token.text, token.at),
            None => "unexpected end".to_string(),
        }
    }

    fn chain(&mut self, levels: &[&str]) -> Result<Tree, String> {
        let Some((signs, stronger)) = levels.split_first() else {
            return self.signed();
        };
        let first = self.chain(stronger)?;
        let mut rest = Vec::new();
        while let Some(c) = self.sign(signs) {
            rest.push((c, self.chain(stronger)?));
        }
        Ok(if rest.is_empty() { first } else { Tree::Chain(Box::new(first), rest) })
    }

    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Result<Tree, String>) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too deep".to_string());
        }
        let tree = parse(self);
        self.depth -= 1;
        tree
    }

    fn signed(&mut self) -> Result<Tree, String> {
        match self.sign("+-") {
            Some('-') => Ok(Tree::Minus(Box::new(self.deeper(Self::signed)?))),
            Some(_) => self.deeper(Self::signed),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Result<Tree, String> {
        let base = self.atom()?;
        if self.sign("^").is_none() {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        Ok(Tree::Power(Box::new(base), Box::new(exponent)))
    }

    fn atom(&mut self) -> Result<Tree, String> {
        if self.sign("(").is_some() {
            let tree = self.deeper(|parser| parser.chain(&["+-", "*/%"]))?;
            return if self.sign(")").is_some() { Ok(tree) } else { Err(self.unexpected()) };
        }
        match self.tokens.get(self.at) {
            Some(Token { kind: Kind::Number, text, .. }) => {
                self.at += 1;
                Ok(Tree::Number(text.clone()))
            }
            _ => Err(self.unexpected()),
        }
    }
}

pub fn value_of(tree: &Tree) -> Result<i64, String> {
    match tree {
        Tree::Number(digits) => digits.parse().map_err(|_| OVERFLOW.to_string()),
        Tree::Minus(inner) => match &**inner {
            // The smallest number has no positive counterpart.
            Tree::Number(digits) => format!("-{digits}").parse().map_err(|_| OVERFLOW.to_string()),
            inner => value_of(inner)?.checked_neg().ok_or_else(|| OVERFLOW.to_string()),
        },
        Tree::Power(base, exponent) => power(value_of(base)?, value_of(exponent)?),
        Tree::Chain(first, rest) => {
            let mut left = value_of(first)?;
            for (c, right) in rest {
                left = apply(*c, left, value_of(right)?)?;
            }
            Ok(left)
        }
    }
}

fn apply(c: char, left: i64, right: i64) -> Result<i64, String> {
    if right == 0 && (c == '/' || c == '%') {
        return Err("division by zero".to_string());
    }
    let value = match c {
        '+' => left.checked_add(right),
        '-' => left.checked_sub(right),
        '*' => left.checked_mul(right),
        '/' => left.checked_div(right),
        _ => Some(left.wrapping_rem(right)),
    };
    value.ok_or_else(|| OVERFLOW.to_string())
}

fn power(base: i64, exponent: i64) -> Result<i64, String> {
    if exponent < 0 {
        return Err("negative exponent".to_string());
    }
    match base {
        0 => Ok(i64::from(exponent == 0)),
        1 => Ok(1),
        -1 => Ok(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => u32::try_from(exponent)
            .ok()
            .and_then(|exponent| base.checked_pow(exponent))
            .ok_or_else(|| OVERFLOW.to_string()),
    }
}
