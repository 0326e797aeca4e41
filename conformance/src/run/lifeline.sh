# Runs one client that goes on until it is stopped, and stops it when the program that started this
# script has gone, however that has ended.
#
# stdin   the lifeline: a pipe whose other end that program alone holds
# $@      the client and its arguments
#
# This script leads a process group, in which all are that the client starts.
exec 3<&0 </dev/null
"$@" 3<&- &
client=$!

# Nothing is ever written to the lifeline, so `read` returns when it is cut.
{
    read -r _
    kill -s KILL 0
} <&3 >/dev/null 2>&1 &

exec 3<&-
wait "$client"
