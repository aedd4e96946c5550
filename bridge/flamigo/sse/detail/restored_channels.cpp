#include "flamigo/sse/detail/restored_channels.hpp"

#include <charconv>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/wire_format.hpp"

namespace flamigo::detail {

namespace {

/// Of the payload of an error.
struct error_code_of {
  std::optional<std::string> code;
};

BOOST_DESCRIBE_STRUCT(error_code_of, (), (code))

/// What stands before the payload of an answer.
std::string head_of_answer(std::string_view topic) {
  std::string result;
  flamigo_format().begin_response(result, topic, {});
  return result;
}

std::string request_for(std::string_view strategy, const channel_position& what,
                        std::string_view id) {
  return R"({"topic":)" + to_json(strategy) + R"(,"payload":{"topic":)"
         + to_json(what.topic) + R"(,"since":{"epoch":)" + to_json(what.epoch)
         + R"(,"offset":)" + std::to_string(what.offset) + R"(}},"ackId":")"
         + std::string{id} + "\"}";
}

} // namespace

restored_channels::restored_channels(std::string strategy,
                                     const std::vector<channel_position>& what)
  : strategy_(std::move(strategy)), left_(what.size()) {
  auto id = random_id() + "-";
  mark_ = R"(,"ackId":")" + id;
  topics_.reserve(what.size());
  requests_.reserve(what.size());
  for (auto& x : what) {
    requests_.push_back(
      request_for(strategy_, x, id + std::to_string(topics_.size())));
    topics_.push_back(x.topic);
  }
}

std::optional<std::string>
restored_channels::translate(std::string_view frame) {
  auto at = empty() ? frame.npos : frame.rfind(mark_);
  if (at == frame.npos)
    return std::nullopt;
  auto number = frame.substr(at + mark_.size());
  std::size_t which = 0;
  std::from_chars(number.data(), number.data() + number.size(), which);
  if (which >= topics_.size())
    return std::nullopt;
  --left_;
  auto head = head_of_answer(strategy_);
  if (frame.starts_with(head))
    return head_of_answer("subscribed")
      .append(frame.substr(head.size(), at - head.size()))
      .append("}");
  head = head_of_answer("error");
  error_code_of why;
  if (frame.size() > head.size())
    if (from_json(frame.substr(head.size(), at - head.size()), why))
      why.code.reset();
  return lost(which, why.code.value_or("internal"));
}

std::string restored_channels::refuse(std::size_t which, errc why) {
  --left_;
  return lost(which, to_string(why));
}

std::string restored_channels::lost(std::size_t which,
                                    std::string_view code) const {
  return head_of_answer("unsubscribed") + R"({"topic":)"
         + to_json(topics_[which]) + R"(,"code":)" + to_json(code) + "}}";
}

} // namespace flamigo::detail
