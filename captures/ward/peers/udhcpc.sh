#!/bin/sh
# What udhcpc runs when its lease changes: sets the address, and the way out.
case "$1" in
  deconfig) ip -4 addr flush dev "$interface" ;;
  bound | renew)
    ip addr add "$ip/24" broadcast + dev "$interface"
    ip route replace default via "$router"
    ;;
esac
