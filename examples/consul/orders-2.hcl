service {
  id      = "orders-2"
  name    = "orders"
  address = "127.0.0.1"
  port    = 9082
  tags    = ["version=2"]

  check {
    http     = "http://127.0.0.1:9082/"
    interval = "1s"
    timeout  = "1s"
  }
}
