#include "flamigo/websocket/detail/frame_deflater.hpp"

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

/// A thread keeps no more of a text than this.
constexpr std::size_t max_spare = 65'536;

} // namespace

frame_deflater::frame_deflater(int window_bits, bool has_context)
  : has_context_(has_context) {
  stream_.reset(level, window_bits, memory_level, zlib::Strategy::normal);
}

void frame_deflater::append(std::string& to, std::string_view text) {
  if (has_context_) {
    deflate(text);
    append_frame(to, frame_bits::compressed | frame_bits::text, payload_);
  } else {
    if (text_ != text || frame_.empty())
      make_frame(text);
    to.append(frame_);
  }
  if (text.size() > max_spare)
    for (auto* x : {&text_, &frame_, &payload_})
      std::string{}.swap(*x);
}

void frame_deflater::make_frame(std::string_view text) {
  stream_.reset();
  deflate(text);
  frame_.clear();
  if (payload_.size() < text.size())
    append_frame(frame_, frame_bits::compressed | frame_bits::text, payload_);
  else
    append_frame(frame_, frame_bits::text, text);
  text_.assign(text);
}

void frame_deflater::deflate(std::string_view text) {
  payload_.resize(stream_.upper_bound(text.size()) + flush_bytes);
  zlib::z_params params;
  params.next_in = text.data();
  params.avail_in = text.size();
  params.next_out = payload_.data();
  params.avail_out = payload_.size();
  error_code ec;
  stream_.write(params, zlib::Flush::sync, ec);
  payload_.resize(params.total_out - tail_bytes);
}

} // namespace flamigo::detail
