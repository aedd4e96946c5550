#include "flamigo/remote/detail/remote_questions.hpp"

#include <utility>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

struct ended_text {
  std::string requestId; // NOLINT: as on the wire
};

BOOST_DESCRIBE_STRUCT(ended_text, (), (requestId))

} // namespace

remote_questions::remote_questions(std::function<void(std::string)> send)
  : send_(std::move(send)) {
}

void remote_questions::on(const std::string& topic, remote_answerer answer) {
  answerers_.insert_or_assign(topic, std::move(answer));
}

void remote_questions::hear(const remote_frame& frame) {
  auto& id = *frame.requestId;
  if (open_.size() >= max_open)
    return send_(answer_text(id, make_error(errc::too_many_requests)));
  auto serial = open_[id] = ++last_;
  auto i = answerers_.find(frame.topic);
  if (i == answerers_.end() || !i->second)
    return answer(id, serial,
                  make_error(errc::unknown_strategy,
                             "nothing answers \"" + frame.topic + "\" here"));
  guarded(
    [&] {
      i->second(frame.json(),
                [this, id, serial](auto&& what) { answer(id, serial, what); });
      return true;
    },
    [&](caf::error why) {
      answer(id, serial, std::move(why));
      return false;
    });
}

void remote_questions::end(const std::string& payload) {
  if (auto what = from_json<ended_text>(payload))
    open_.erase(what->requestId);
}

void remote_questions::lost() {
  open_.clear();
}

void remote_questions::answer(const std::string& id, std::size_t serial,
                              const caf::expected<std::string>& what) {
  auto i = open_.find(id);
  if (i == open_.end() || i->second != serial)
    return;
  open_.erase(i);
  if (!what && status_of(what.error()) == 500)
    log::error("answering a server: " + trace_of(what.error()));
  send_(answer_text(id, what));
}

} // namespace flamigo::detail
