#include "flamigo/websocket/detail/frame_inflater.hpp"

#include <algorithm>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/frame_header.hpp"
#include "flamigo/websocket/detail/unmask.hpp"

namespace flamigo::detail {

namespace zlib = beast::zlib;

namespace {

/// Of a masked frame.
constexpr std::size_t max_header = 14;

constexpr std::size_t max_step = 16'384;

constexpr std::size_t max_spare_plain = 4'096;

/// `zlib::z_params::data_type` of a stream that has read a whole block.
constexpr int behind_block = 128;

std::uint8_t byte_at(std::string_view bytes, std::size_t pos) {
  return static_cast<std::uint8_t>(bytes[pos]);
}

std::size_t header_size(std::string_view frame) {
  auto length = byte_at(frame, 1) & frame_bits::length;
  return 2
         + (length == 126   ? 2
            : length == 127 ? 8
                            : 0)
         + frame_bits::mask_key_bytes;
}

std::string unmasked(std::string_view frame) {
  auto header = header_size(frame);
  auto key = frame.substr(header - frame_bits::mask_key_bytes,
                          frame_bits::mask_key_bytes);
  auto masked = frame.substr(header);
  std::string result(masked.size(), '\0');
  unmask(masked, key.data(), result.data());
  return result;
}

} // namespace

bool frame_inflater::is_compressed(std::string_view frame) const noexcept {
  using namespace frame_bits;
  auto first = byte_at(frame, 0);
  auto begins = (first & opcode) != continuation;
  return (byte_at(frame, 1) & mask) != 0
         && (first & reserved) == (begins ? compressed : 0)
         && begins != in_message_;
}

frame_inflater::result frame_inflater::add(std::string_view frame) {
  using namespace frame_bits;
  if (failed_)
    return result::plain;
  auto first = byte_at(frame, 0);
  if ((first & opcode) != continuation) {
    taken_ = made_ = 0;
    restarted_ = false;
  }
  in_message_ = (first & fin) == 0;
  plain_.assign(max_header, '\0');
  auto payload = unmasked(frame);
  taken_ += payload.size();
  auto what = inflate(payload);
  // Nothing is an empty message as well, if not a well made one.
  if (what == result::plain && !in_message_ && taken_ > 0)
    what = end_message();
  if (what != result::plain)
    return fail(what);
  put_header(first ^ (first & compressed));
  return what;
}

frame_inflater::result frame_inflater::inflate(std::string_view bytes) {
  zlib::z_params params;
  params.next_in = bytes.data();
  params.avail_in = bytes.size();
  for (error_code ec;;) {
    auto before = plain_.size();
    auto step = std::min(max_step, max_message_ - made_ + 1);
    plain_.resize(before + step);
    params.next_out = plain_.data() + before;
    params.avail_out = step;
    ec = {};
    stream_.write(params, zlib::Flush::sync, ec);
    auto made = step - params.avail_out;
    plain_.resize(before + made);
    made_ += made;
    if (made_ > max_message_)
      return result::too_big;
    between_blocks_ = (params.data_type & behind_block) != 0;
    if (ec == zlib::error::end_of_stream) {
      // What follows is a stream of its own (RFC 7692, 7.2.3.4).
      stream_.reset();
      restarted_ = between_blocks_ = true;
    } else if (ec && ec != zlib::error::need_buffers) {
      return result::corrupt;
    }
    if (params.avail_in == 0 && params.avail_out > 0)
      return result::plain;
  }
}

frame_inflater::result frame_inflater::end_message() {
  auto what = inflate({"\0\0\xff\xff", 4});
  if (what != result::plain || between_blocks_)
    return what;
  // Behind a last block there need not be another one.
  if (!restarted_)
    return result::corrupt;
  stream_.reset();
  return what;
}

void frame_inflater::put_header(std::uint8_t first) {
  using namespace frame_bits;
  frame_header header{first, mask, plain_.size() - max_header};
  auto bytes = header.text();
  used_ = max_header - mask_key_bytes - bytes.size();
  plain_.replace(used_, bytes.size(), bytes);
  // The key of zeros leaves the payload as it is.
}

void frame_inflater::take(std::size_t size) {
  used_ += size;
  if (used_ < plain_.size())
    return;
  plain_.clear();
  used_ = 0;
  if (plain_.capacity() > max_spare_plain)
    std::string{}.swap(plain_);
}

frame_inflater::result frame_inflater::fail(result why) {
  failed_ = true;
  std::string{}.swap(plain_);
  return why;
}

} // namespace flamigo::detail
