#pragma once

#include "flamigo/wire/detail/ack_id.hpp"
#include "flamigo/wire/envelope.hpp"
#include "flamigo/wire/wire_format.hpp"

namespace flamigo::detail {

/// Our own way to spell what is said, for what is called through the seam.
class own_format final : public wire_format {
public:
  caf::error decode(std::string_view frame, decoding_space& space,
                    client_request& out) const override;

  caf::error read_answer(std::string_view frame,
                         client_answer& out) const override {
    return flamigo::read_answer(frame, out);
  }

  void begin_response(std::string& out, std::string_view topic,
                      std::string_view) const override {
    flamigo::begin_response(out, topic);
  }

  void end_response(std::string& out, std::string_view ack_id) const override {
    flamigo::end_response(out, ack_id);
  }

  void append_part(std::string& out, std::string_view topic,
                   std::string_view payload_json,
                   std::string_view ack_id) const override {
    flamigo::append_part(out, topic, payload_json, ack_id);
  }

  void append_event(std::string& out, std::string_view topic,
                    std::string_view payload_json) const override {
    flamigo::append_event(out, topic, payload_json);
  }

  void append_question(std::string& out, std::string_view topic,
                       std::string_view payload_json,
                       std::string_view request_id) const override {
    flamigo::append_question(out, topic, payload_json, request_id);
  }

  void append_error(std::string& out, const caf::error& why,
                    std::string_view ack_id, bool expose_trace) const override {
    flamigo::append_error(out, why, ack_id, expose_trace);
  }

  bool takes_parts(std::string_view) const noexcept override {
    return true;
  }

  bool names_streams() const noexcept override {
    return false;
  }

  bool is_named(std::string_view ack_id, std::string_view name) const override {
    return same_ack_id(ack_id, name);
  }
};

} // namespace flamigo::detail
