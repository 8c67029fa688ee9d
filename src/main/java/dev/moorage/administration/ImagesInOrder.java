package dev.moorage.administration;

import dev.moorage.metadata.ImageListStore;
import dev.moorage.metadata.ImageQuestion.Scope;
import dev.moorage.metadata.ImageQuestion.Wanted;
import dev.moorage.metadata.Transaction;

/** Images by push date or size. */
record ImagesInOrder(ImageListStore images, Scope scope, Question question) implements ImageRounds {

    @Override
    public Round look(Transaction transaction, ImagePlace after, int examined) {
        Wanted wanted = new Wanted(scope, question.sorting(), after.inOrder(), question.filter(), question.labels());
        return Round.of(images.page(transaction, wanted, question.rows(), examined), question.rows());
    }
}
