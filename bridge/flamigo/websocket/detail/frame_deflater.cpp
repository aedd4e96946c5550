#include "flamigo/websocket/detail/frame_deflater.hpp"

#include <utility>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/server_frame.hpp"

namespace flamigo::detail {

namespace zlib = beast::zlib;

namespace {

/// Those that Beast's streams have.
constexpr int level = 8;
constexpr int memory_level = 4;

/// For what a flush appends.
constexpr std::size_t flush_bytes = 16;

/// What an empty block ends with, which the reader knows.
constexpr std::size_t tail_bytes = 4;

/// A thread keeps no more of a text than this when its turn is over.
constexpr std::size_t max_spare = 65'536;

/// Where payloads are made. Of the thread, since a connection that has a
/// deflater of its own would keep it.
std::string& payload_buffer() {
  thread_local std::string result;
  return result;
}

} // namespace

frame_deflater::frame_deflater(int window_bits, bool has_context)
  : has_context_(has_context) {
  stream_.reset(level, window_bits, memory_level, zlib::Strategy::normal);
}

void frame_deflater::append(std::string& to, std::string_view text) {
  if (has_context_) {
    // Nothing builds on what was not sent.
    if (!std::exchange(made_, false))
      stream_.reset();
    append_frame(to, frame_bits::compressed | frame_bits::text, deflate(text));
    made_ = true;
  } else {
    if (!made_ || text_ != text)
      make_frame(text);
    to.append(frame_);
  }
  if (text.size() > max_spare)
    std::string{}.swap(payload_buffer());
}

void frame_deflater::flush() {
  laden_ = made_ = false;
  std::string{}.swap(text_);
  std::string{}.swap(frame_);
}

void frame_deflater::make_frame(std::string_view text) {
  made_ = false;
  stream_.reset();
  auto payload = deflate(text);
  frame_.clear();
  if (payload.size() < text.size())
    append_frame(frame_, frame_bits::compressed | frame_bits::text, payload);
  else
    append_frame(frame_, frame_bits::text, text);
  text_.assign(text);
  made_ = true;
  laden_ = laden_ || text.size() > max_spare;
}

std::string_view frame_deflater::deflate(std::string_view text) {
  // RFC 7692, 7.2.3.6: the stream would make nothing of it.
  if (text.empty())
    return {"\0", 1};
  auto& payload = payload_buffer();
  payload.resize(stream_.upper_bound(text.size()) + flush_bytes);
  zlib::z_params params;
  params.next_in = text.data();
  params.avail_in = text.size();
  params.next_out = payload.data();
  params.avail_out = payload.size();
  error_code ec;
  stream_.write(params, zlib::Flush::sync, ec);
  payload.resize(params.total_out - tail_bytes);
  return payload;
}

} // namespace flamigo::detail
