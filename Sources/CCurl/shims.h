// libcurl for Swift: the header itself, and one typed function for each shape of argument that the variadic
// curl_easy_setopt and curl_easy_getinfo take (libcurl manual, curl_easy_setopt(3), curl_easy_getinfo(3)).
#ifndef RELAIS_CCURL_SHIMS_H
#define RELAIS_CCURL_SHIMS_H

#include <curl/curl.h>

// curl.h makes macros of these that check argument types; here each argument has its type already.
#undef curl_easy_setopt
#undef curl_easy_getinfo

typedef size_t (*relais_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*relais_curl_progress_callback)(void *context, curl_off_t download_total, curl_off_t downloaded, curl_off_t upload_total,
                                             curl_off_t uploaded);

static inline CURLcode relais_curl_set_long(CURL *handle, CURLoption option, long value) { return curl_easy_setopt(handle, option, value); }

// For CURLOPTTYPE_OFF_T, which is wider than a long on some machines.
static inline CURLcode relais_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies the string, except for CURLOPT_POSTFIELDS.
static inline CURLcode relais_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl keeps the pointer: whatever it points to outlives the transfer.
static inline CURLcode relais_curl_set_pointer(CURL *handle, CURLoption option, void *value) { return curl_easy_setopt(handle, option, value); }

static inline CURLcode relais_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// For CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_READFUNCTION.
static inline CURLcode relais_curl_set_data_callback(CURL *handle, CURLoption option, relais_curl_data_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode relais_curl_set_progress_callback(CURL *handle, relais_curl_progress_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode relais_curl_get_long(CURL *handle, CURLINFO info, long *value) { return curl_easy_getinfo(handle, info, value); }

static inline CURLcode relais_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) { return curl_easy_getinfo(handle, info, value); }

static inline CURLcode relais_curl_get_socket(CURL *handle, curl_socket_t *value) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}

#endif
