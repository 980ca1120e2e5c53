mod lexer;
mod parser;

use std::process::exit;

fn main() {
    let Some(text) = std::env::args_os().nth(1) else {
        eprintln!("usage: calc EXPRESSION");
        exit(1);
    };
    let text = text.to_string_lossy().into_owned();
    // What is 1,000 deep needs more than a usual stack in a build without optimisation.
    let worker = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || parser::parse(&lexer::lex(&text)).and_then(|tree| parser::value_of(&tree)));
    match worker.map(|thread| thread.join()) {
        Ok(Ok(Ok(value))) => println!("{value}"),
        Ok(Ok(Err(message))) => {
            eprintln!("{message}");
            exit(1);
        }
        _ => exit(1),
    }
}
