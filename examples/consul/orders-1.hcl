service {
  id      = "orders-1"
  name    = "orders"
  address = "127.0.0.1"
  port    = 9081
  tags    = ["version=1"]

  check {
    http     = "http://127.0.0.1:9081/"
    interval = "1s"
    timeout  = "1s"
  }
}
