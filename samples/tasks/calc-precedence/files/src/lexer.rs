#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(i64),
    Sign(char),
}

pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at] as char;
        if c.is_ascii_digit() {
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            tokens.push(Token::Number(text[start..at].parse().unwrap()));
            continue;
        }
        if c != ' ' {
            tokens.push(Token::Sign(c));
        }
        at += 1;
    }
    tokens
}
