#include "flamigo/strategy/detail/part_reader.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/strategy/detail/begun_call.hpp"

namespace flamigo::detail {

part_reader::~part_reader() {
  if (!is_over_)
    call_state::cancel(call_, why_, self_.context());
}

caf::error part_reader::begin(const strategy::hosted_home& to,
                              const context& ctx) {
  source_ = std::make_shared<stream_source>();
  auto sent = send_invocation(self_, to, ctx, source_);
  if (!sent)
    return std::move(sent.error());
  call_ = std::move(sent->state);
  expect(self_, sent->id);
  return {};
}

bool part_reader::await_ready() noexcept {
  if (!parts_.empty() && !parts_.front().is_last
      && next_ == parts_.front().ends.size()) {
    parts_.pop_front();
    next_ = 0;
  }
  return !parts_.empty() || response_waiter::await_ready();
}

caf::expected<std::optional<std::string_view>> part_reader::await_resume() {
  if (parts_.empty()) {
    if (error()) {
      if (code_of(error()) == to_string(errc::timeout))
        why_ = errc::timeout;
      return std::move(error());
    }
    return std::optional<std::string_view>{};
  }
  auto& part = parts_.front();
  if (next_ == part.ends.size()) {
    if (part.why)
      return std::move(part.why);
    return std::optional<std::string_view>{};
  }
  auto begin = next_ > 0 ? part.ends[next_ - 1] : 0;
  auto size = part.ends[next_++] - begin;
  --items_;
  bytes_ -= size;
  pull();
  return std::optional{std::string_view{part.text}.substr(begin, size)};
}

void part_reader::take(caf::mailbox_element& what) {
  auto& content = what.content();
  if (!content.match_elements<stream_part>()) {
    is_over_ = true;
    auto why = error_in(what);
    return fail(why ? std::move(why) : caf::sec::unexpected_response);
  }
  auto& part = content.get_mutable_as<stream_part>(0);
  from_ = what.sender;
  items_ += part.ends.size();
  bytes_ += part.text.size();
  credit_ -= part.ends.size();
  is_over_ = part.is_last;
  parts_.push_back(std::move(part));
  pull();
}

void part_reader::pull() {
  if (is_over_ || !response_waiter::await_ready()
      || items_ > stream_source::window / 2
      || bytes_ > stream_source::max_bytes)
    return;
  auto more = stream_source::window - items_ - credit_;
  credit_ += more;
  auto id = self_.new_request_id(caf::message_priority::normal);
  expect(self_, id.response_id());
  from_->enqueue(caf::make_mailbox_element(self_.ctrl(), id, {},
                                           stream_pull{source_, more}),
                 self_.context());
}

} // namespace flamigo::detail
