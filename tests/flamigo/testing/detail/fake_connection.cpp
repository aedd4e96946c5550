#include "flamigo/testing/detail/fake_connection.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/claims/claims.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/testing/failure.hpp"

namespace flamigo::testing::detail {

namespace {

/// The connection actor's end. It does not keep the connection, which keeps the
/// actor.
class fake_transport final : public transport {
public:
  fake_transport(actor_fixture& in, std::weak_ptr<fake_connection> to)
    : in_(in), to_(std::move(to)) {
  }

  void send(std::string_view text) override {
    if (auto to = to_.lock(); to && !to->closed)
      to->hear(text);
  }

  bool has_room(std::size_t bytes) override {
    auto to = to_.lock();
    return to && to->has_room(bytes);
  }

  void close(const close_reason& why) override {
    auto to = to_.lock();
    if (!to || to->closed)
      return;
    to->closed = why;
    in_.post([weak = to_, why] {
      if (auto x = weak.lock())
        x->end(why);
    });
  }

private:
  actor_fixture& in_;
  std::weak_ptr<fake_connection> to_;
};

} // namespace

fake_connection::~fake_connection() {
  end({close_code::going_away, "the client went away"});
}

void fake_connection::open(const client_environment& env, claims_ptr who,
                           std::string token) {
  env_ = &env;
  who_ = who;
  token_ = token;
  auto out = std::make_shared<fake_transport>(*in_, weak_from_this());
  feed_ = client_feed{env, &in_->unit, std::move(out), std::move(who),
                      std::move(token)};
}

void fake_connection::open_again() {
  if (in_ == nullptr)
    throw failure{"nobody connects again when the test is over"};
  closed.reset();
  asked.clear();
  unread_.clear();
  unread_bytes_ = 0;
  auto who = std::make_shared<claims>(*who_);
  who->connection_id += '+';
  open(*env_, std::move(who), token_);
}

void fake_connection::say(std::string_view text) {
  if (!feed_) {
    auto why = closed ? "the server has closed it with "
                          + std::to_string(closed->code) + " (" + closed->reason
                          + ")"
                      : std::string{"the client has disconnected"};
    throw failure{"nothing can be sent over a connection that has ended: "
                  + why};
  }
  feed_.message(text);
}

void fake_connection::end(const close_reason& why) {
  if (auto feed = std::exchange(feed_, {}))
    feed.closed(why);
}

void fake_connection::abandon() {
  end({close_code::shutting_down, "the test is over"});
  in_ = nullptr;
}

void fake_connection::read() {
  for (auto& text : std::exchange(unread_, {}))
    frames.push_back(std::move(text));
  unread_bytes_ = 0;
  if (std::exchange(room_wanted_, false) && feed_)
    feed_.relieved();
}

void fake_connection::hear(std::string_view text) {
  if (reads_)
    return void(frames.emplace_back(text));
  unread_.emplace_back(text);
  unread_bytes_ += text.size();
}

bool fake_connection::has_room(std::size_t bytes) noexcept {
  auto least = max_backlog / 4;
  if (bytes <= max_backlog)
    least = std::min(least, max_backlog - bytes);
  if (unread_bytes_ <= least)
    return true;
  room_wanted_ = true;
  return false;
}

void fake_connection::run() {
  if (in_ != nullptr)
    in_->run();
}

} // namespace flamigo::testing::detail
