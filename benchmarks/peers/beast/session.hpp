#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "worker.hpp"

/// A connection as Beast's own examples have it: one read and one write at a
/// time, and a queue of what is still to be written. It lives as long as one of
/// its operations does.
class session : public std::enable_shared_from_this<session> {
public:
  session(worker& owner, boost::asio::ip::tcp::socket socket);

  ~session();

  void start();

  void send(shared_text text);

private:
  void read();

  void handle(std::string_view text);

  void write();

  worker& owner_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
  /// The first of them is being written.
  std::deque<shared_text> queue_;
  std::vector<std::string> topics_;
};
