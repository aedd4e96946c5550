#include "worker.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "session.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;

worker::worker(const tcp::endpoint& where,
               const std::vector<std::unique_ptr<worker>>& all)
  : all_(all) {
  using reuse_port
    = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  acceptor_.open(where.protocol());
  acceptor_.set_option(asio::socket_base::reuse_address{true});
  // The kernel spreads the connections over the workers.
  acceptor_.set_option(reuse_port{true});
  acceptor_.bind(where);
  acceptor_.listen();
}

void worker::run() {
  accept();
  context_.run();
}

void worker::accept() {
  acceptor_.async_accept(
    [this](boost::system::error_code err, tcp::socket socket) {
      if (!err)
        std::make_shared<session>(*this, std::move(socket))->start();
      accept();
    });
}

void worker::subscribe(session& who, std::string_view topic) {
  subscribers_[std::string{topic}].insert(&who);
}

void worker::forget(session& who, const std::string& topic) {
  auto i = subscribers_.find(topic);
  if (i != subscribers_.end() && i->second.erase(&who) && i->second.empty())
    subscribers_.erase(i);
}

void worker::publish(std::string_view topic, shared_text event) {
  for (auto& other : all_)
    if (other.get() != this)
      other->deliver_later(std::string{topic}, event);
  deliver(topic, event);
}

void worker::deliver(std::string_view topic, const shared_text& event) {
  auto i = subscribers_.find(topic);
  if (i == subscribers_.end())
    return;
  for (auto* who : i->second)
    who->send(event);
}

void worker::deliver_later(std::string topic, shared_text event) {
  asio::post(context_, [this, topic = std::move(topic),
                        event = std::move(event)] { deliver(topic, event); });
}
