# shellcheck shell=bash
# A terminal for tests, by script(1) of util-linux. Source it after lib.sh.
if ! command -v script >/dev/null; then
  echo "without script(1) there is no terminal to test with"
  exit 77   # ctest tells it as skipped, not as passed
fi
export TERM=xterm

# start ARGUMENT...: weft at a terminal of its own; what it writes goes to `screen`, what `keys` writes comes to it.
start() {
  last="weft $*, at a terminal"
  rm -f keys && mkfifo keys
  : >screen
  SHELL=/bin/sh script -qefc "'$program' $*; echo status \$?" /dev/null <keys >screen 2>&1 &
  session=$!
  exec 3>keys
}
keys() { printf '%b' "$1" >&3; }
# Ctrl-C. libedit shows its prompt an instant before it listens, and a person can't press a key within it.
interrupt() {
  sleep 0.2
  keys '\003'
}
# await TEXT [COUNT]: until TEXT has appeared COUNT times.
await() {
  local i over=
  for ((i = 0; i < 600; ++i)); do
    (($(grep -oaF -e "$1" screen | wc -l) >= ${2:-1})) && return
    [[ -n $over ]] && break
    kill -0 $session 2>/dev/null || over=yes # what it wrote at its end is still to be looked at
    sleep 0.05
  done
  fault "$last: waited in vain for '$1'"
  tail -c 2000 screen | cat -v | sed 's/^/    /'
}
# Until the last thing on the screen is the prompt: what came before it has been dealt with.
await_prompt() {
  local i
  for ((i = 0; i < 600; ++i)); do
    [[ $(tail -c 6 screen) == 'weft> ' ]] && return
    sleep 0.05
  done
  fault "$last: no prompt"
}
finish_session() {
  await "status $1"
  exec 3>&-
  wait $session
}
