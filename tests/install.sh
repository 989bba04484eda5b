# Sourced by quickstart.sh and test.sh: installs the packages that are missing.
install_packages() {
    local missing=() name sudo=
    while read -r name; do
        [[ -z $name || $name == \#* ]] && continue
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
    done < <(cat "$@")
    [ ${#missing[@]} = 0 ] && return
    [ "$(id -u)" = 0 ] || sudo=sudo
    echo "== installing ${missing[*]}"
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
