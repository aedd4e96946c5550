#include "flamigo/websocket/detail/reader_pool.hpp"

#include <utility>

namespace flamigo::detail {

namespace {

/// More than one is needed when messages come in fragments, or in parts.
constexpr std::size_t max_spare_readers = 16;

} // namespace

reader_pool& reader_pool::of(io_thread& thread) {
  auto& result = net::use_service<reader_pool>(thread.context());
  result.thread_ = &thread;
  return result;
}

std::shared_ptr<message_reader> reader_pool::borrow() {
  if (spare_.empty()) {
    auto result = std::make_shared<message_reader>(*thread_);
    result->open();
    return result;
  }
  auto result = std::move(spare_.back());
  spare_.pop_back();
  return result;
}

void reader_pool::give_back(std::shared_ptr<message_reader> what) {
  what->lend(nullptr);
  if (spare_.size() < max_spare_readers)
    spare_.push_back(std::move(what));
}

void reader_pool::shutdown() {
  spare_.clear();
}

} // namespace flamigo::detail
