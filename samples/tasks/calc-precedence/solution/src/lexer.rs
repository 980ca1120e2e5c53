#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Number,
    Sign(char),
}

/// A token with its text and its position, in characters from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub at: usize,
}

pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut in_number = false;
    for (at, c) in text.chars().enumerate() {
        if c.is_ascii_digit() {
            match tokens.last_mut() {
                Some(last) if in_number => last.text.push(c),
                _ => tokens.push(Token { kind: Kind::Number, text: c.to_string(), at: at + 1 }),
            }
        } else if !c.is_whitespace() {
            tokens.push(Token { kind: Kind::Sign(c), text: c.to_string(), at: at + 1 });
        }
        in_number = c.is_ascii_digit();
    }
    tokens
}
