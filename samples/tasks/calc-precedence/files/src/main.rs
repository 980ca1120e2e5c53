mod lexer;
mod parser;

fn main() {
    let text = std::env::args().nth(1).unwrap();
    let tokens = lexer::lex(&text);
    println!("{}", parser::Parser::new(tokens).expression());
}
