# Functions of rotate.sh.

# Prints the host of a backup.
host_of() {
  echo "$1" | cut -d_ -f1
}

# Prints the backups of a host, newest first.
backups_of() {
  ls -t | grep "^$1"
}
