#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

class session;

/// What is written to many is written once.
using shared_text = std::shared_ptr<const std::string>;

/// A thread's `io_context`, with the connections that it accepts and what they
/// have subscribed to. All but `deliver_later` runs on that thread, so nothing
/// is locked.
class worker {
public:
  /// `all` are the workers of the process, this one included.
  worker(const boost::asio::ip::tcp::endpoint& where,
         const std::vector<std::unique_ptr<worker>>& all);

  void run();

  void subscribe(session& who, std::string_view topic);

  void forget(session& who, const std::string& topic);

  /// Gives an event to the subscribers of all workers.
  void publish(std::string_view topic, shared_text event);

private:
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void accept();

  void deliver(std::string_view topic, const shared_text& event);

  void deliver_later(std::string topic, shared_text event);

  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  const std::vector<std::unique_ptr<worker>>& all_;
  std::unordered_map<std::string, std::unordered_set<session*>, hash,
                     std::equal_to<>>
    subscribers_;
};
