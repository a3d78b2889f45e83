#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Plantproof collector linux_host, version 1: reads how this host is configured and prints it, section by section.
#
#   By hand:   sh linux_host.sh > out.txt      (as root for everything; as anyone for what anyone may read)
#   Nonce:     sh linux_host.sh NONCE, or PP_NONCE in the environment; without one the script makes its own
#   Optional:  PP_CERTS   more certificate files to look at, separated by spaces
#              PP_STAMPS  files whose time of change tells when a backup last ran, separated by spaces
#
# It only reads. It writes no file, makes no temporary file, starts and stops nothing, loads no kernel module and never
# uses the network. It runs at the lowest priority, gives each command LIMIT seconds, and cuts a flood of output.
# Password hashes never leave the host: in their place stands what they say of the password (see "masked").
# It needs sh, awk, sed, grep, cat, tr, tail and head; everything else is used if it is there.

set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C LANG=C TZ=UTC SYSTEMD_COLORS=0 SYSTEMD_PAGER='' PAGER=cat
export PATH LC_ALL LANG TZ SYSTEMD_COLORS SYSTEMD_PAGER PAGER
unset IFS ENV BASH_ENV CDPATH LANGUAGE

SECONDS_EACH=20
MAX_LINES=20000
MAX_BYTES=1048576
MAX_WIDTH=16384
KIND=none REASON='' LIMIT='' ROOT=no NETWORK_MOUNTS=''

# ---- marks, notes and blocks ---------------------------------------------------------------------------------------

mark() { printf '#plantproof %s %s\n' "$NONCE" "$*"; }

# Text on one line, without control characters, not too long.
one_line() { printf '%s' "$*" | tr '\001-\037\177' ' ' | cut -c 1-300; }

# Something in this section could not be read, and why.
note() { mark "note $KIND $(one_line "$*")"; }

block() { printf '@@ %s\n' "$(one_line "$*")"; }

# Content as it may stand between marks: no control characters, no line that looks like a mark, no flood.
clean() {
    tr -d '\000' | tr '\001-\010\013\014\016-\037\177' '?' | PP_WHAT=$(one_line "$*") awk \
        -v nonce="$NONCE" -v kind="$KIND" -v lines="$MAX_LINES" -v bytes="$MAX_BYTES" -v width="$MAX_WIDTH" '
        { sub(/\r$/, ""); size += length($0) + 1 }
        NR > lines || size > bytes { flood = 1; exit }
        length($0) > width { $0 = substr($0, 1, width); wide += 1 }
        /^@@/ || /^#plantproof / { $0 = " " $0 }
        { print }
        function cut(what) {
            printf "#plantproof %s note %s cut %s: %s\n", nonce, kind, what, ENVIRON["PP_WHAT"]
            printf "@@ cut %s\n", ENVIRON["PP_WHAT"]
        }
        END {
            if (flood) cut("after " NR - 1 " lines")
            if (wide) cut(wide " wide lines")
        }'
}

# Run a command within the time limit; its output becomes content, its complaint a note if it failed.
contain() {
    # The command's stdout goes to descriptor 4 (ours), its stderr and status into the variable.
    { said=$({ { $LIMIT "$@" </dev/null 2>&3 3>&- 4>&-; echo "status $?" >&3; } | clean "$*" >&4 3>&- 4>&-; } 3>&1 | tail -n 4); } 4>&1
    status=${said##*status }
    said=${said%status *}
    case $status in
        0) return 0 ;;
        124 | 137 | 143)
            note "no answer within $SECONDS_EACH seconds: $*"
            block "cut $*"
            ;;
        *) if [ -n "$said" ]; then note "$1: $said"; fi ;;
    esac
    return 1
}

exists() { command -v "$1" >/dev/null 2>&1; }

# run COMMAND [ARGUMENT...]: a block with the command's output; false if it is not there or failed.
run() {
    exists "$1" || return 1
    block "command $*"
    contain "$@"
}

# The same for a command that answers on stderr.
run_both() {
    exists "$1" || return 1
    block "command $*"
    $LIMIT "$@" 2>&1 </dev/null | clean "$*"
}

# have NAME...: which of these programs are installed, and where.
have() {
    block "command command -v $*"
    for name in "$@"; do
        if exists "$name"; then printf '%s %s\n' "$name" "$(command -v "$name")"; else printf '%s -\n' "$name"; fi
    done | clean "$*"
}

# unreadable WHAT: it is there and may not be read: a note for people, a block for the parser.
unreadable() {
    note "cannot read $1: needs root"
    block "unreadable $1"
}

# readable FILE: true if it can be shown.
readable() {
    if [ -f "$1" ] && [ -r "$1" ]; then return 0; fi
    folder=${1%/*}
    if [ -f "$1" ]; then
        unreadable "$1"
    elif [ -d "$folder" ] && [ ! -x "$folder" ]; then
        unreadable "$1"
    elif [ -d "$folder" ] && [ ! -r "$folder" ]; then
        case $1 in *\**) unreadable "$1" ;; esac
    fi
    return 1
}

# show FILE...: a block for each file that is there.
show() {
    for path in "$@"; do
        readable "$path" || continue
        block "file $path"
        contain cat "$path" || :
    done
}

# lines REGEX FILE...: only the matching lines of files whose other lines are nobody's business.
lines() {
    regex=$1
    shift
    for path in "$@"; do
        readable "$path" || continue
        block "command grep -E $regex $path"
        contain grep -E "$regex" "$path" || :
    done
}

# values FILE...: the first line of each of these small kernel files, as "path = value".
values() {
    block "command head -n 1 FILE..."
    for path in "$@"; do
        if [ ! -f "$path" ] || [ ! -r "$path" ]; then continue; fi
        value=$(head -n 1 "$path" 2>/dev/null) || continue
        printf '%s = %s\n' "$path" "$value"
    done | clean "values"
}

# names FOLDER...: what is in each folder that is there.
names() {
    for folder in "$@"; do
        if [ -d "$folder" ] && [ -r "$folder" ]; then run ls -1 "$folder"; fi
    done
}

# changed FILE..., modes FILE...: when the files were last changed; who may read and write them (by number: a name
# might be looked up in a directory on the network).
changed() { attributes '%Y %n' "$@"; }
modes() { attributes '%a %u %g %n' "$@"; }
attributes() {
    format=$1
    shift
    exists stat || return 0
    block "command stat -c $format FILE..."
    for path in "$@"; do
        if [ -e "$path" ] && ! remote "$path"; then stat -c "$format" "$path" 2>/dev/null; fi
    done | clean stat
}

# remote PATH: true if it lies on a network file system or an automounter, which must not be woken.
remote() {
    for mount in $NETWORK_MOUNTS; do
        case $1/ in "$mount"/*) return 0 ;; esac
    done
    return 1
}

# masked FILE: an account file with each password hash replaced by what it says of the password:
# [empty], [none] (nobody can log in with one), [set ALGORITHM] or [locked ALGORITHM].
masked() {
    readable "$1" || return 0
    block "file $1"
    awk -F: -v OFS=: '
        NF > 1 && $2 != "x" {
            hash = $2
            sub(/^[!*]+/, "", hash)
            kind = "other"
            if (hash ~ /^[$]/) { split(hash, part, "$"); kind = "$" substr(part[2], 1, 12) "$" }
            else if (length(hash) == 13) kind = "des"
            if ($2 == "") $2 = "[empty]"
            else if (hash == "" || hash == "LK" || hash == "NP") $2 = "[none]"
            else if (hash == $2) $2 = "[set " kind "]"
            else $2 = "[locked " kind "]"
        }
        NF == 1 && $0 !~ /^[+#]/ { $0 = "[one field]" }
        { print }' "$1" | clean "$1"
}

# ---- one function a section ----------------------------------------------------------------------------------------

kind_host() {
    show /etc/os-release /usr/lib/os-release /etc/openwrt_release /etc/redhat-release /etc/debian_version
    run uname -s -r -m
    run uname -n
    lines '^btime ' /proc/stat
    values /proc/1/comm /etc/timezone /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name \
        /sys/class/dmi/id/bios_version /sys/class/dmi/id/bios_date /proc/device-tree/model
    run id -u
    run systemd-detect-virt || :
    if [ -z "$LIMIT" ]; then note "no usable timeout command: commands ran without a time limit"; fi
}

kind_accounts() {
    run id -u
    masked /etc/passwd
    masked /etc/shadow
    masked /etc/group
    show /etc/nsswitch.conf /etc/hosts.equiv
    exists ssh-keygen || return 0
    if [ "$ROOT" = no ]; then note "authorized keys of other users: needs root"; fi
    awk -F: '$6 ~ /^\/./ && !seen[$6]++ { print $6 }' /etc/passwd | head -n 500 | while read -r home; do
        if remote "$home"; then note "authorized keys below $home: on a network file system, not touched"; continue; fi
        for path in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do
            if [ -f "$path" ] && [ -s "$path" ] && [ -r "$path" ]; then run ssh-keygen -l -f "$path"; fi
        done
    done
}

kind_sudo() {
    have sudo doas
    if [ -e /etc/sudoers ] && [ ! -r /etc/sudoers ]; then
        REASON="needs root to read /etc/sudoers"
        return 0
    fi
    show /etc/sudoers /etc/sudoers.d/* /etc/doas.conf /etc/doas.d/*.conf
}

kind_pam() {
    show /etc/pam.d/* /etc/pam.conf /etc/login.defs /etc/default/useradd /etc/security/faillock.conf \
        /etc/security/pwquality.conf /etc/security/pwquality.conf.d/*.conf /etc/security/pwhistory.conf \
        /etc/security/access.conf /etc/securetty
}

kind_sshd() {
    have sshd dropbear
    if exists ssh; then run_both ssh -V; fi
    if exists sshd; then
        if [ "$ROOT" = yes ]; then
            run sshd -T || note "sshd gave no effective settings: read its configuration files instead"
        else
            note "effective settings (sshd -T): needs root; read its configuration files instead"
            if [ -e /etc/ssh/sshd_config ] && [ ! -r /etc/ssh/sshd_config ]; then
                REASON="needs root to read /etc/ssh/sshd_config"
                return 0
            fi
        fi
    fi
    show /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf /etc/default/dropbear /etc/config/dropbear
    for path in /etc/ssh/ssh_host_*_key.pub; do
        if [ -r "$path" ]; then run ssh-keygen -l -f "$path"; fi
    done
}

kind_listeners() {
    if [ "$ROOT" = no ]; then note "owners of other users' sockets: needs root"; fi
    run ss -t -u -l -p -n || run netstat -t -u -l -p -n || run netstat -t -u -l -n || {
        show /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
        note "neither ss nor netstat can be used: owners of sockets are unknown"
    }
}

kind_services() {
    values /proc/1/comm
    if exists systemctl; then
        run systemctl list-unit-files --type=service,socket --no-pager --no-legend
        if [ -d /run/systemd/system ]; then
            run systemctl list-units --type=service,socket --all --plain --full --no-pager --no-legend
        else
            note "systemd does not run this host: which services are active is unknown"
        fi
    fi
    run rc-update show
    run rc-status --all --nocolor
    if [ ! -d /run/systemd/system ]; then names /etc/init.d /etc/rcS.d /etc/rc2.d /etc/rc3.d /etc/rc5.d /etc/rc.d; fi
    show /etc/inittab /etc/inetd.conf /etc/xinetd.conf /etc/xinetd.d/*
}

kind_packages() {
    run date -u +%Y-%m-%d
    if exists dpkg-query; then
        # shellcheck disable=SC2016  # dpkg expands these, not the shell
        run dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\n'
        # A simulation: without locks, and without the caches and the log that apt would otherwise write as root
        # (nothing can be made below /proc, and nothing there is lost if apt first removes it).
        run apt-get -s -q -o Debug::NoLocking=1 -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
            -o Dir::Log::Planner=/proc/none -o Dir::Log::Solver=/proc/none upgrade
    elif exists rpm && [ -d /var/lib/rpm ]; then
        run rpm -q -a --qf 'ii %{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\n'
        run dnf -C -q --color=never check-update || run yum -C -q check-update
        run dnf -C -q --color=never updateinfo list --security || :
    elif exists apk; then
        run apk --no-network info -v
        run apk --no-network version -l '<'
    elif exists opkg; then
        run opkg list-installed
        run opkg list-upgradable
    else
        REASON="no package manager found (looked for dpkg, rpm, apk, opkg)"
        return 0
    fi
    changed /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp /var/lib/dpkg/status /var/cache/dnf \
        /var/cache/libdnf5 /var/cache/yum /var/lib/rpm /lib/apk/db/installed /var/cache/apk /var/opkg-lists \
        /run/reboot-required /var/run/reboot-required
    lines '^[^#]' /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
        /etc/yum.repos.d/*.repo /etc/dnf/dnf.conf /etc/yum.conf /etc/apk/repositories /etc/opkg/*.conf
    show /etc/apt/apt.conf.d/20auto-upgrades /etc/apt/apt.conf.d/50unattended-upgrades /etc/dnf/automatic.conf
}

kind_time() {
    if [ -d /run/systemd/system ]; then
        run timedatectl show -p Timezone -p LocalRTC -p CanNTP -p NTP -p NTPSynchronized
        if [ -d /run/systemd/timesync ]; then
            run timedatectl show-timesync -p SystemNTPServers -p FallbackNTPServers -p ServerName -p ServerAddress
        fi
    fi
    have chronyd ntpd systemd-timesyncd openntpd
    changed /run/systemd/timesync/synchronized
    show /etc/chrony.conf /etc/chrony/chrony.conf /etc/chrony.d/*.conf /etc/chrony/conf.d/*.conf \
        /etc/chrony/sources.d/*.sources /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/ntpd.conf /etc/openntpd/ntpd.conf \
        /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf /etc/adjtime /etc/timezone
    # These two ask the daemon on this host, over its own socket or the loopback address.
    run chronyc -n -c tracking && run chronyc -n -c sources
    run ntpq -p -n
}

kind_logging() {
    have auditd rsyslogd syslog-ng systemd-journald logrotate syslogd
    if exists auditctl; then
        if [ "$ROOT" = yes ]; then
            run auditctl -s
            run auditctl -l
        else
            unreadable "audit rules in the kernel"
        fi
    fi
    show /etc/audit/auditd.conf /etc/audit/audit.rules /etc/audit/rules.d/*.rules \
        /etc/audit/plugins.d/*.conf /etc/audisp/plugins.d/*.conf /etc/audit/audisp-remote.conf \
        /etc/audisp/audisp-remote.conf
    show /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf \
        /etc/syslog.conf /etc/default/syslogd /etc/config/system
    show /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf /usr/lib/systemd/journald.conf.d/*.conf \
        /etc/systemd/journal-upload.conf
    show /etc/logrotate.conf /etc/logrotate.d/*
    modes /var/log /var/log/audit /var/log/audit/audit.log /var/log/auth.log /var/log/secure /var/log/syslog \
        /var/log/messages /var/log/journal /run/log/journal /var/log/wtmp /var/log/btmp /var/log/lastlog
}

# Does the running kernel hold nftables? Asked first, because listing its rules would load it.
kernel_has_nftables() {
    if [ -d /sys/module/nf_tables ]; then return 0; fi
    if [ -r /proc/kallsyms ]; then grep -q ' nft_do_chain' /proc/kallsyms; else exists nft; fi
}

kind_firewall() {
    have nft iptables-save iptables-legacy-save ip6tables-save ufw firewalld
    lines '^ENABLED=' /etc/ufw/ufw.conf
    show /etc/firewalld/firewalld.conf
    modern=no legacy=no
    if kernel_has_nftables; then modern=yes; fi
    # Only root may read which tables of the older filter are in use; without any, there is nothing to list.
    if [ -r /proc/net/ip_tables_names ] && [ -n "$(cat /proc/net/ip_tables_names)" ]; then legacy=yes; fi
    block "command grep nft_do_chain /proc/kallsyms; cat /proc/net/ip_tables_names"
    printf 'nf_tables %s\nip_tables %s\n' "$modern" "$legacy"
    if [ "$ROOT" = no ] && { [ "$modern" = yes ] || [ -e /proc/net/ip_tables_names ]; }; then
        REASON="needs root to list the packet filter's rules"
        return 0
    fi
    if [ "$modern" = yes ]; then
        if exists nft; then
            block "command nft -j list ruleset"
            # One object a line, so that each rule has a line of its own.
            $LIMIT nft -j list ruleset 2>&1 </dev/null | awk '
                { gsub(/[{]"(table|chain|rule|set|map|element|flowtable|counter|quota|limit|ct [a-z]+|synproxy|secmark)": [{]"family"/, "\n&"); print }' |
                clean nft
        else
            run iptables-save || REASON="neither nft nor iptables-save can be used, though the kernel holds nf_tables"
            run ip6tables-save || note "ip6tables-save cannot be used"
        fi
    fi
    if [ "$legacy" = yes ]; then
        run iptables-legacy-save || run iptables-save || REASON="iptables-save cannot be used"
        run ip6tables-legacy-save || run ip6tables-save || note "ip6tables-save cannot be used"
    fi
}

kind_mounts() {
    show /proc/mounts /etc/fstab /etc/crypttab /etc/auto.master
    run lsblk -r -n -o NAME,TYPE,RM,RO,FSTYPE,MOUNTPOINT
    lines '^(usb_storage|uas|firewire_sbp2|cramfs|squashfs|udf) ' /proc/modules
    lines '^[[:space:]]*(blacklist|install|options|alias) ' /etc/modprobe.conf /etc/modprobe.d/*.conf \
        /lib/modprobe.d/*.conf /run/modprobe.d/*.conf
    have usbguard udisksctl
    show /etc/usbguard/usbguard-daemon.conf /etc/usbguard/rules.conf /etc/usbguard/rules.d/*.conf \
        /etc/udisks2/udisks2.conf
    lines 'usb|USB|removable|UDISKS' /etc/udev/rules.d/*.rules /etc/polkit-1/rules.d/*.rules
    values /sys/bus/usb/devices/usb*/authorized_default /sys/module/usbcore/parameters/authorized_default
}

kind_sessions() {
    lines 'TMOUT|umask' /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc /etc/bash/bashrc.d/*.sh \
        /etc/environment /etc/csh.cshrc /etc/zsh/zshrc /etc/zsh/zprofile
    lines 'autologout' /etc/csh.cshrc /etc/csh.login
    show /etc/security/limits.conf /etc/security/limits.d/*.conf
    show /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf /usr/lib/systemd/logind.conf.d/*.conf
    show /etc/dconf/db/*.d/* /etc/dconf/db/*.d/locks/* /etc/xdg/kscreenlockerrc /etc/lightdm/lightdm.conf \
        /etc/gdm3/custom.conf /etc/gdm3/daemon.conf /etc/gdm/custom.conf
    show /etc/issue /etc/issue.net /etc/issue.d/* /etc/motd
}

kind_kernel() {
    show /proc/cmdline
    set -- kernel/randomize_va_space kernel/kptr_restrict kernel/dmesg_restrict kernel/yama/ptrace_scope \
        kernel/unprivileged_bpf_disabled kernel/unprivileged_userns_clone kernel/sysrq kernel/core_pattern \
        kernel/core_uses_pid kernel/kexec_load_disabled kernel/modules_disabled kernel/perf_event_paranoid \
        kernel/tainted kernel/panic kernel/panic_on_oops fs/suid_dumpable fs/protected_hardlinks \
        fs/protected_symlinks fs/protected_fifos fs/protected_regular dev/tty/ldisc_autoload vm/mmap_min_addr \
        crypto/fips_enabled net/core/bpf_jit_harden net/ipv4/ip_forward net/ipv4/tcp_syncookies \
        net/ipv4/tcp_rfc1337 net/ipv4/icmp_echo_ignore_broadcasts net/ipv4/icmp_ignore_bogus_error_responses
    for name in all default; do
        for key in accept_redirects secure_redirects send_redirects accept_source_route rp_filter log_martians; do
            set -- "$@" "net/ipv4/conf/$name/$key"
        done
        for key in accept_ra accept_redirects accept_source_route forwarding disable_ipv6; do
            set -- "$@" "net/ipv6/conf/$name/$key"
        done
    done
    # shellcheck disable=SC2046  # names without spaces
    values $(printf '/proc/sys/%s ' "$@")
    show /etc/sysctl.conf /etc/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /run/sysctl.d/*.conf
    values /sys/kernel/security/lsm /sys/kernel/security/lockdown /sys/fs/selinux/enforce \
        /sys/module/apparmor/parameters/enabled /sys/module/module/parameters/sig_enforce \
        /sys/devices/system/cpu/vulnerabilities/*
    if [ "$ROOT" = yes ]; then
        show /sys/kernel/security/apparmor/profiles
    elif [ -e /sys/kernel/security/apparmor ]; then
        note "which AppArmor profiles are loaded: needs root"
    fi
    show /etc/selinux/config /etc/crypto-policies/config /etc/systemd/coredump.conf /etc/systemd/coredump.conf.d/*.conf
    if [ -d /sys/firmware/efi ]; then
        for path in /sys/firmware/efi/efivars/SecureBoot-*; do
            if [ -r "$path" ]; then run od -A n -t u1 "$path"; fi
        done
    fi
    block "command ls -d /sys/firmware/efi"
    if [ -d /sys/firmware/efi ]; then echo /sys/firmware/efi; fi
}

kind_certificates() {
    exists openssl || {
        REASON="openssl is not installed"
        return 0
    }
    run date -u +%Y-%m-%d
    count=0
    # PP_CERTS is a list: its words are meant to be split.
    # shellcheck disable=SC2086
    for path in /etc/ssl/*.crt /etc/ssl/*.pem /etc/ssl/certs/ssl-cert-snakeoil.pem /etc/ssl/localcerts/* \
        /etc/pki/tls/certs/*.crt /etc/pki/tls/certs/*.pem /etc/pki/ca-trust/source/anchors/* \
        /usr/local/share/ca-certificates/*.crt /etc/letsencrypt/live/*/cert.pem /etc/nginx/ssl/* /etc/nginx/certs/* \
        /etc/apache2/ssl/* /etc/httpd/ssl/* /etc/lighttpd/*.pem /etc/haproxy/certs/* /etc/openvpn/*.crt \
        /etc/ipsec.d/certs/* /etc/swanctl/x509/* /etc/mosquitto/certs/* /etc/rsyslog.d/*.pem /etc/stunnel/*.pem \
        /etc/uhttpd.crt /etc/opcua/own/certs/* /opt/*/pki/own/certs/* ${PP_CERTS:-}; do
        case $path in *bundle* | *.key) continue ;; esac
        if remote "$path"; then note "$path: on a network file system, not touched"; continue; fi
        readable "$path" || continue
        count=$((count + 1))
        if [ "$count" -gt 200 ]; then note "more than 200 certificate files: the rest was left out"; break; fi
        if grep -q 'BEGIN ' "$path"; then form=PEM; else form=DER; fi
        certificate "$path" "$form"
    done
}

# The first certificate's own data; never a private key that may stand in the same file. Key digits are left out.
certificate() {
    block "command openssl x509 -in $1"
    $LIMIT openssl x509 -in "$1" -inform "$2" -noout -subject -issuer -serial -dates -fingerprint -sha256 \
        -nameopt RFC2253 -text -certopt no_header,no_version,no_serial,no_validity,no_subject,no_issuer,no_sigdump,no_aux \
        2>&1 </dev/null | grep -v -E '^ +([0-9a-f][0-9a-f]:)*[0-9a-f]?[0-9a-f]?:?$' | clean "openssl $1"
}

kind_backups() {
    tools='borg|borgmatic|restic|rsnapshot|duplicity|duply|timeshift|rdiff-backup|bacula|bareos|veeam|urbackup|burp|amanda|dirvish|snapper|rear|clonezilla|partclone|proxmox-backup'
    run date -u +%Y-%m-%d
    have borg borgmatic restic rsnapshot duplicity timeshift rdiff-backup bacula-fd bareos-fd veeamconfig \
        urbackupclientctl rear snapper proxmox-backup-client
    if [ -d /run/systemd/system ]; then
        run systemctl show --no-pager -p Id -p Unit -p LastTriggerUSec -p Result '*.timer'
        run systemctl show --no-pager -p Id -p Result -p ExecMainExitTimestamp -p ExecMainStatus \
            '*backup*.service' '*borg*.service' '*restic*.service' '*snapshot*.service' '*duplicity*.service'
    fi
    lines "$tools|backup|rsync|dump" /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/*
    names /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
    lines '^(snapshot_root|retain|interval|backup|logfile)' /etc/rsnapshot.conf
    lines 'schedule_|backup_device_uuid' /etc/timeshift/timeshift.json /etc/timeshift.json
    # shellcheck disable=SC2086  # PP_STAMPS is a list
    changed /var/log/borg.log /var/log/borgmatic.log /var/log/restic.log /var/log/rsnapshot.log /var/log/rsnapshot \
        /var/log/timeshift /var/log/duplicity.log /var/log/rear /var/log/*backup*.log ${PP_STAMPS:-}
}

# ---- the run -------------------------------------------------------------------------------------------------------

section() {
    KIND=linux.$1 REASON=''
    mark "begin $KIND"
    "kind_$1"
    if [ -n "$REASON" ]; then mark "end $KIND not-collected $(one_line "$REASON")"; else mark "end $KIND ok"; fi
}

main() {
    NONCE=${1:-${PP_NONCE:-}}
    case $NONCE in
        '' | *[!A-Za-z0-9]*) NONCE=$(od -A n -N 12 -t x1 /dev/urandom 2>/dev/null | tr -d ' \n') ;;
    esac
    if [ -z "$NONCE" ]; then NONCE=$$$(date -u +%H%M%S); fi
    if [ "$(id -u 2>/dev/null)" = 0 ]; then ROOT=yes; fi
    # The newer form of timeout first, then that of an old busybox.
    if timeout 5 true 2>/dev/null; then
        LIMIT="timeout $SECONDS_EACH"
    elif timeout -t 5 true 2>/dev/null; then
        LIMIT="timeout -t $SECONDS_EACH"
    fi
    renice -n 19 -p $$ >/dev/null 2>&1 || :
    ionice -c 3 -p $$ >/dev/null 2>&1 || :
    clock=$(date -u +%Y-%m-%dT%H:%M:%SZ 2>/dev/null)
    mark "header collector=linux_host version=1${clock:+ clock=$clock}"
    if ! exists awk; then
        for name in host accounts sudo pam sshd listeners services packages time logging firewall mounts sessions kernel certificates backups; do
            mark "begin linux.$name"
            mark "end linux.$name not-collected awk is not installed"
        done
        mark "done"
        return 0
    fi
    NETWORK_MOUNTS=$(awk '$3 ~ /^(nfs|cifs|smb|autofs|afs|ceph|gluster|lustre|9p|fuse[.]sshfs|davfs|coda)/ { print $2 }' /proc/mounts 2>/dev/null)
    for name in host accounts sudo pam sshd listeners services packages time logging firewall mounts sessions kernel certificates backups; do
        section "$name"
    done
    mark "done"
}

main "$@"
