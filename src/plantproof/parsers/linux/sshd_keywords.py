# SPDX-License-Identifier: Apache-2.0
"""sshd_config(5) keywords and how their values are written: data for the ``linux.sshd`` parser."""

from __future__ import annotations

from typing import Final

from plantproof.parsers.settings import snake

__all__ = ["COMMA_LISTS", "DURATIONS", "KEYS", "REPEATED", "WORD_LISTS"]

_KEYWORDS: Final = """
AcceptEnv AddressFamily AllowAgentForwarding AllowGroups AllowStreamLocalForwarding AllowTcpForwarding AllowUsers
AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedKeysFile AuthorizedPrincipalsCommand
AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner CASignatureAlgorithms ChallengeResponseAuthentication
ChannelTimeout ChrootDirectory Ciphers ClientAliveCountMax ClientAliveInterval Compression DebianBanner DenyGroups
DenyUsers DisableForwarding ExposeAuthInfo FingerprintHash ForceCommand GatewayPorts GSSAPIAuthentication
GSSAPICleanupCredentials GSSAPIKexAlgorithms GSSAPIKeyExchange GSSAPIStoreCredentialsOnRekey GSSAPIStrictAcceptorCheck
HostbasedAcceptedAlgorithms HostbasedAcceptedKeyTypes HostbasedAuthentication HostbasedUsesNameFromPacketOnly
HostCertificate HostKey HostKeyAgent HostKeyAlgorithms IgnoreRhosts IgnoreUserKnownHosts Include IPQoS
KbdInteractiveAuthentication KerberosAuthentication KerberosGetAFSToken KerberosOrLocalPasswd KerberosTicketCleanup
KexAlgorithms ListenAddress LoginGraceTime LogLevel LogVerbose MACs MaxAuthTries MaxSessions MaxStartups ModuliFile
PasswordAuthentication PermitEmptyPasswords PermitListen PermitOpen PermitRootLogin PermitTTY PermitTunnel
PermitUserEnvironment PermitUserRC PerSourceMaxStartups PerSourceNetBlockSize PerSourcePenalties
PerSourcePenaltyExemptList PidFile Port PrintLastLog PrintMotd Protocol PubkeyAcceptedAlgorithms
PubkeyAcceptedKeyTypes PubkeyAuthentication PubkeyAuthOptions RDomain RefuseConnection RekeyLimit RequiredRSASize
RevokedKeys RhostsRSAAuthentication RSAAuthentication SecurityKeyProvider SetEnv SshdAuthPath SshdSessionPath
StreamLocalBindMask StreamLocalBindUnlink StrictModes Subsystem SyslogFacility TCPKeepAlive TrustedUserCAKeys
UnusedConnectionTimeout UseDNS UseLogin UsePAM UsePrivilegeSeparation VersionAddendum X11DisplayOffset X11Forwarding
X11UseLocalhost XAuthLocation
"""

_IRREGULAR: Final = {
    "MACs": "macs",
    "CASignatureAlgorithms": "ca_signature_algorithms",
    "GSSAPIKexAlgorithms": "gssapi_kex_algorithms",
    "IPQoS": "ipqos",
    "KerberosGetAFSToken": "kerberos_get_afs_token",
    "PermitUserRC": "permit_user_rc",
    "PermitTTY": "permit_tty",
    "RDomain": "rdomain",
    "TrustedUserCAKeys": "trusted_user_ca_keys",
    "UsePAM": "use_pam",
    "UseDNS": "use_dns",
    "X11Forwarding": "x11_forwarding",
    "X11DisplayOffset": "x11_display_offset",
    "X11UseLocalhost": "x11_use_localhost",
    "TCPKeepAlive": "tcp_keep_alive",
    "XAuthLocation": "xauth_location",
}

KEYS: Final = {word.lower(): _IRREGULAR.get(word, snake(word)) for word in _KEYWORDS.split()}
"""Keyword in lower case (as ``sshd -T`` prints it) -> name of the fact."""

KEYS["challengeresponseauthentication"] = KEYS["kbdinteractiveauthentication"]
KEYS["pubkeyacceptedkeytypes"] = KEYS["pubkeyacceptedalgorithms"]
KEYS["hostbasedacceptedkeytypes"] = KEYS["hostbasedacceptedalgorithms"]

COMMA_LISTS: Final = frozenset(
    {
        "ca_signature_algorithms", "ciphers", "gssapi_kex_algorithms", "host_key_algorithms",
        "hostbased_accepted_algorithms", "kex_algorithms", "macs", "pubkey_accepted_algorithms",
    }
)  # fmt: skip
"""One value, a list inside."""

WORD_LISTS: Final = frozenset(
    {
        "accept_env", "allow_groups", "allow_users", "authentication_methods", "authorized_keys_file", "deny_groups",
        "deny_users", "permit_listen", "permit_open",
    }
)  # fmt: skip
"""Words, possibly over several lines, that add up."""

REPEATED: Final = frozenset({"host_certificate", "host_key", "listen_address", "port", "set_env", "subsystem"})
"""Each line adds one value."""

DURATIONS: Final = frozenset({"client_alive_interval", "login_grace_time"})
"""Seconds, or numbers with units (``1h30m``)."""
