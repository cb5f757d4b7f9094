# Sourced by tests/run.sh and examples/run.sh: what they need, installed through apt where that is allowed.
#
#     need PACKAGE...    Debian packages; ends the script with the command to run where they cannot be installed

need() {
  local package missing=()
  command -v dpkg-query >/dev/null || return 0  # not Debian: CMake says what it does not find
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo)
    else
      echo "Missing: ${missing[*]}. Install them and run this again:"
      echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
      exit 1
    fi
  fi
  echo "Installing ${missing[*]}"
  if ! { "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq \
    --no-install-recommends "${missing[@]}" >/dev/null; }; then
    echo "apt could not install ${missing[*]}. Install them and run this again:"
    echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    exit 1
  fi
}
