#include "session.hpp"

#include <boost/asio/buffer.hpp>

#include "message.hpp"

using boost::system::error_code;

session::session(worker& owner, boost::asio::ip::tcp::socket socket)
  : owner_(owner), stream_(std::move(socket)) {
}

session::~session() {
  for (auto& topic : topics_)
    owner_.forget(*this, topic);
}

void session::start() {
  error_code ignored;
  stream_.next_layer().set_option(boost::asio::ip::tcp::no_delay{true},
                                  ignored);
  stream_.async_accept([self = shared_from_this()](error_code err) {
    if (!err)
      self->read();
  });
}

void session::read() {
  stream_.async_read(buffer_, [self = shared_from_this()](error_code err,
                                                          std::size_t size) {
    if (err)
      return;
    auto data = self->buffer_.data();
    self->handle({static_cast<const char*>(data.data()), size});
    self->buffer_.consume(size);
    self->read();
  });
}

void session::handle(std::string_view text) {
  auto in = request::parse(text);
  if (!in) {
    send(std::make_shared<const std::string>(
      R"({"topic":"error","payload":{"message":"malformed"}})"));
    return;
  }
  auto topic = in->topic();
  auto reply = [&](bool with_payload) {
    send(std::make_shared<const std::string>(in->reply(with_payload)));
  };
  if (topic == "app::bench:echo") {
    reply(true);
  } else if (topic == "app::bench:subscribe") {
    topics_.emplace_back(in->payload_topic());
    owner_.subscribe(*this, topics_.back());
    reply(false);
  } else if (topic == "app::bench:publish") {
    owner_.publish(in->payload_topic(), std::make_shared<const std::string>(
                                          in->event("bench:message")));
    reply(false);
  } else {
    send(std::make_shared<const std::string>(
      R"({"topic":"error","payload":{"message":"unknown strategy"}})"));
  }
}

void session::send(shared_text text) {
  queue_.push_back(std::move(text));
  if (queue_.size() == 1)
    write();
}

void session::write() {
  stream_.text(true);
  stream_.async_write(boost::asio::buffer(*queue_.front()),
                      [self = shared_from_this()](error_code err, std::size_t) {
                        if (err)
                          return;
                        self->queue_.pop_front();
                        if (!self->queue_.empty())
                          self->write();
                      });
}
