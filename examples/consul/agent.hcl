# For a Consul on this machine alone: see README.md
bind_addr            = "127.0.0.1"
client_addr          = "127.0.0.1"
disable_update_check = true
