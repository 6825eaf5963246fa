package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.http.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body with files. Belongs to one request. */
final class UploadBody extends OneShotBody {

  private final RequestBody content;
  private final List<FileBody> files;

  private UploadBody(RequestBody content, @Nullable MediaType type, List<FileBody> files) {
    super(type);
    this.content = content;
    this.files = files;
  }

  static UploadBody of(FileSource file, MediaType type, Spool spool) {
    FileBody body = new FileBody(file, type, spool);
    return new UploadBody(body, type, List.of(body));
  }

  static UploadBody of(List<Part> parts, Spool spool) {
    MultipartBody.Builder body = new MultipartBody.Builder().setType(MultipartBody.FORM);
    List<FileBody> files = new ArrayList<>();
    for (Part part : parts) {
      @Nullable MediaType type =
          part.contentType() == null ? null : BoundCall.mediaType(part.contentType());
      FileBody file = new FileBody(part.content(), type, spool);
      files.add(file);
      body.addFormDataPart(part.name(), part.fileName(), file);
    }
    MultipartBody built = body.build();
    return new UploadBody(built, built.contentType(), files);
  }

  @Override
  public long contentLength() throws IOException {
    return content.contentLength();
  }

  @Override
  OneShotBody as(@Nullable MediaType type) {
    return new UploadBody(content, type, files);
  }

  @Override
  void send(BufferedSink sink) throws IOException {
    content.writeTo(sink);
  }

  @Override
  boolean canBeSentAgain() {
    return files.stream().allMatch(FileBody::canBeSentAgain);
  }

  @Override
  boolean isRepeatable() {
    return files.stream().allMatch(FileBody::isRepeatable);
  }

  @Override
  boolean comesFromACall() {
    return files.stream().anyMatch(FileBody::comesFromACall);
  }
}
