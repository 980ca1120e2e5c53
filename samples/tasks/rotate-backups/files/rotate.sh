#!/bin/sh
# rotate.sh DIR KEEP: deletes all but the newest KEEP backups of each host.
. ./lib.sh

dir=$1
keep=$2
cd $dir

for host in $(ls *.tar.gz | while read name; do host_of $name; done | sort -u); do
  backups_of $host | tail -n +$keep | while read name; do
    rm $name
    echo deleted $name
  done
done
