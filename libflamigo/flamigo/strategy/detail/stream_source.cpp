#include "flamigo/strategy/detail/stream_source.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/pour.hpp"

namespace flamigo::detail {

// -- in the actor that runs it ------------------------------------------------

void stream_source::begin(const stream_source_ptr& what,
                          caf::event_based_actor& self, json_stream rows,
                          const context& of, reply_address first) {
  what->self_ = &self;
  what->asker_ = std::move(first);
  if (auto ended = pour(self, std::move(rows), what, of.time_of_item(),
                        of.state(), {}))
    what->end(std::move(*ended));
}

void stream_source::pull(std::size_t credit, reply_address who) {
  credit_ += credit;
  asker() = std::move(who);
  flush();
  has_room();
}

// -- item_sink ----------------------------------------------------------------

bool stream_source::put(std::string_view json) {
  if (credit_ == 0 || part_.text.size() >= max_bytes) {
    flush();
    if (credit_ == 0 || !part_.ends.empty())
      return false;
  }
  --credit_;
  part_.text += json;
  part_.ends.push_back(part_.text.size());
  return true;
}

void stream_source::flush() {
  auto& to = asker();
  if (!to.target || (part_.ends.empty() && !part_.is_last))
    return;
  auto part = std::exchange(part_, {});
  // Who asks once more is told of the end again.
  part_.is_last = part.is_last;
  std::exchange(to.target, nullptr)
    ->enqueue(caf::make_mailbox_element(self_->ctrl(), to.id, {},
                                        std::move(part)),
              self_->context());
}

void stream_source::kept(root_task& by) noexcept {
  by.answer_to = std::move(asker_);
  by_ = &by;
}

void stream_source::end(root_task& by, caf::error why) {
  asker_ = std::move(by.answer_to);
  by.answer_to.target = nullptr;
  by_ = nullptr;
  end(std::move(why));
}

void stream_source::end(caf::error why) {
  part_.is_last = true;
  part_.why = std::move(why);
  flush();
}

reply_address& stream_source::asker() noexcept {
  return by_ != nullptr ? by_->answer_to : asker_;
}

} // namespace flamigo::detail
