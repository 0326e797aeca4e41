# Runs one pcscd until it ends, or until the program that started this script does.
#
# stdin   the lifeline: a pipe whose other end that program alone holds
# stdout  the socket on which pcscd is to listen to its clients
# stderr  the log
#
# $1      own-run: /run is this mount namespace's own; shared-run: it is the machine's
# $2      the folder to remove at the end
# $3...   pcscd and its arguments
set -u

run=$1
folder=$2
shift 2

if [ "$run" = own-run ]; then
    mount -t tmpfs tmpfs /run && mkdir /run/pcscd || exit
fi

# systemd's socket activation: the first passed descriptor is 3, and LISTEN_PID says for whom it is.
exec 3>&1 4<&0 >&2 </dev/null
sh -c 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"' sh "$@" 4<&- &
pcscd=$!

# Nothing is ever written to the lifeline, so `read` returns when it is cut. A pcscd that does not
# end by itself, for instance because a mute card holds it up, is given three seconds.
{
    read -r _
    kill "$pcscd"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        sleep 0.2
        kill -0 "$pcscd" || exit 0
    done
    kill -KILL "$pcscd"
} <&4 3>&- 2>/dev/null &
watch=$!

# Nobody but pcscd may keep the socket open: without pcscd its clients are to be refused.
exec 3>&- 4<&-
wait "$pcscd"
status=$?
kill "$watch" 2>/dev/null
# It is to be started again, in the same folder.
[ -e "$folder/stays" ] || rm -rf -- "$folder"
exit "$status"
