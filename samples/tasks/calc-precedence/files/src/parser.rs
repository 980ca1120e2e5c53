use crate::lexer::Token;

pub struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    pub fn new(tokens: Vec<Token>) -> Parser {
        Parser { tokens, at: 0 }
    }

    fn next(&mut self) -> Token {
        self.at += 1;
        self.tokens[self.at - 1].clone()
    }

    fn sign(&mut self, signs: &str) -> Option<char> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(c)) if signs.contains(*c) => {
                self.at += 1;
                Some(*c)
            }
            _ => None,
        }
    }

    pub fn expression(&mut self) -> i64 {
        let mut left = self.product();
        while let Some(c) = self.sign("+-") {
            let right = self.product();
            left = if c == '+' { left + right } else { left - right };
        }
        left
    }

    fn product(&mut self) -> i64 {
        let mut left = self.power();
        while let Some(c) = self.sign("*/%") {
            let right = self.power();
            left = match c {
                '*' => left * right,
                '/' => left / right,
                _ => left % right,
            };
        }
        left
    }

    fn power(&mut self) -> i64 {
        let mut left = self.atom();
        while self.sign("^").is_some() {
            left = left.pow(self.atom() as u32);
        }
        left
    }

    fn atom(&mut self) -> i64 {
        match self.next() {
            Token::Number(value) => value,
            Token::Sign('-') => -self.atom(),
            Token::Sign('(') => {
                let value = self.expression();
                self.next();
                value
            }
            token => panic!("unexpected {:?}", token),
        }
    }
}
