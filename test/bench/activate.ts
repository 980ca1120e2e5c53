// Prints the milliseconds that `require` and `activate` of the built extension take in a plain Node.
